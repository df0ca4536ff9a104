/**
 * `node scripts/build-integer.mjs`: compiles the kernels below into src/core/model/integer-bytes.ts. A test holds the two
 * together. They are written by a program because their tiles are unrolled: 4 rows by 8 outputs fit the 16 registers of x86-64.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import wabt from 'wabt';

/** @param {number} count @param {(i: number) => string} line */
const repeat = (count, line) => Array.from({ length: count }, (_, i) => line(i)).join('\n');

const ROWS = 4;
/** Bytes of 8 float32. */
const LANES = 32;

/** PReLU below the cap; pmin and pmax are one instruction each, min and max are seven. @param {string} v @param {string} slope */
const activated = (v, slope) => `
  (f32x4.pmin (local.get $top) (f32x4.add
    (f32x4.pmax (local.get ${v}) (local.get $zero))
    (f32x4.mul (f32x4.pmin (local.get ${v}) (local.get $zero)) ${slope})))`;

/** Two values of each row times those of eight outputs. @param {number} at */
const depthStep = (at) => `
  (local.set $b0 (v128.load offset=${at * LANES} (local.get $bp)))
  (local.set $b1 (v128.load offset=${at * LANES + 16} (local.get $bp)))
  ${repeat(
    ROWS,
    (r) => `
  (local.set $v (v128.load32_splat offset=${at * 4} (local.get $a${r})))
  (local.set $s${r}0 (i32x4.add (local.get $s${r}0) (i32x4.dot_i16x8_s (local.get $v) (local.get $b0))))
  (local.set $s${r}1 (i32x4.add (local.get $s${r}1) (i32x4.dot_i16x8_s (local.get $v) (local.get $b1))))`,
  )}`;

/** Scaled, shifted, activated, stored. @param {number} r @param {number} half */
const finish = (r, half) => `
  (local.set $f (f32x4.add (v128.load offset=${LANES + 16 * half} (local.get $q))
    (f32x4.mul (v128.load offset=${16 * half} (local.get $q))
      (f32x4.mul (local.get $v) (f32x4.convert_i32x4_s (local.get $s${r}${half}))))))
  (v128.store offset=${16 * half} (local.get $o)
    ${activated('$f', `(v128.load offset=${2 * LANES + 16 * half} (local.get $q))`)})`;

/**
 * out[m, n] = activation(a[m, k] * scales[m] . b[k, n] * scale[n] + bias[n]). m is rounded up to 4; k is a multiple of 4, n of 8.
 * b lies by 8 outputs: of each pair of k the two codes of each output. constants: for each 8 outputs scale, bias, slope.
 */
const MULTIPLY = `
(func (export "multiply") (param $a i32) (param $scales i32) (param $m i32) (param $k i32) (param $b i32)
    (param $constants i32) (param $n i32) (param $out i32) (param $cap f32)
  (local $i i32) (local $stride i32) (local $pitch i32) (local $bp i32) (local $left i32) (local $column i32) (local $o i32) (local $q i32)
  ${repeat(ROWS, (r) => `(local $a${r} i32) (local $s${r}0 v128) (local $s${r}1 v128)`)}
  (local $v v128) (local $b0 v128) (local $b1 v128) (local $f v128) (local $zero v128) (local $top v128)
  (local.set $top (f32x4.splat (local.get $cap)))
  (local.set $stride (i32.shl (local.get $k) (i32.const 1)))
  (local.set $pitch (i32.shl (local.get $n) (i32.const 2)))
  (loop $columns
    (local.set $i (i32.const 0))
    (loop $rows
      (local.set $a0 (i32.add (local.get $a) (i32.mul (local.get $i) (local.get $stride))))
      ${repeat(ROWS - 1, (r) => `(local.set $a${r + 1} (i32.add (local.get $a${r}) (local.get $stride)))`)}
      (local.set $bp (i32.add (local.get $b) (i32.mul (local.get $column) (local.get $stride))))
      ${repeat(ROWS, (r) => `(local.set $s${r}0 (v128.const i32x4 0 0 0 0)) (local.set $s${r}1 (v128.const i32x4 0 0 0 0))`)}
      (local.set $left (local.get $k))
      (loop $depth
        ${depthStep(0)}
        ${depthStep(1)}
        (local.set $bp (i32.add (local.get $bp) (i32.const ${2 * LANES})))
        ${repeat(ROWS, (r) => `(local.set $a${r} (i32.add (local.get $a${r}) (i32.const 8)))`)}
        (br_if $depth (local.tee $left (i32.sub (local.get $left) (i32.const 4)))))
      (local.set $o (i32.add (local.get $out)
        (i32.add (i32.mul (local.get $i) (local.get $pitch)) (i32.shl (local.get $column) (i32.const 2)))))
      (local.set $q (i32.add (local.get $constants) (i32.mul (local.get $column) (i32.const 12))))
      ${repeat(
        ROWS,
        (r) => `
      (local.set $v (v128.load32_splat offset=${4 * r} (i32.add (local.get $scales) (i32.shl (local.get $i) (i32.const 2)))))
      ${finish(r, 0)}
      ${finish(r, 1)}
      (local.set $o (i32.add (local.get $o) (local.get $pitch)))`,
      )}
      (br_if $rows (i32.lt_s (local.tee $i (i32.add (local.get $i) (i32.const ${ROWS}))) (local.get $m))))
    (br_if $columns (i32.lt_s (local.tee $column (i32.add (local.get $column) (i32.const 8))) (local.get $n)))))`;

/** Four values as integers: added to 1.5 * 2^23, a float's last bits are its value, rounded. @param {number} at */
const rounded = (at) => `
  (i32x4.sub (f32x4.add (f32x4.mul (v128.load offset=${at} (local.get $from)) (local.get $factor)) (local.get $magic))
    (local.get $bits))`;

/** One row of c values, whose largest is among those of max, as int16 of -range..range with its scale. */
const ROUND = `
(func $round (param $from i32) (param $c i32) (param $max v128) (param $out i32) (param $scale i32) (param $range f32)
  (local $top f32) (local $factor v128) (local $end i32) (local $magic v128) (local $bits v128)
  (local.set $top (f32.max
    (f32.max (f32x4.extract_lane 0 (local.get $max)) (f32x4.extract_lane 1 (local.get $max)))
    (f32.max (f32x4.extract_lane 2 (local.get $max)) (f32x4.extract_lane 3 (local.get $max)))))
  (local.set $top (f32.max (local.get $top) (f32.const 1e-30)))
  (f32.store (local.get $scale) (f32.div (local.get $top) (local.get $range)))
  (local.set $factor (f32x4.splat (f32.div (local.get $range) (local.get $top))))
  (local.set $magic (f32x4.splat (f32.const 12582912)))
  (local.set $bits (i32x4.splat (i32.const 0x4B400000)))
  (local.set $end (i32.add (local.get $out) (i32.shl (local.get $c) (i32.const 1))))
  (loop $each
    (v128.store (local.get $out) (i16x8.narrow_i32x4_s ${rounded(0)} ${rounded(16)}))
    (local.set $from (i32.add (local.get $from) (i32.const ${LANES})))
    (br_if $each (i32.lt_u (local.tee $out (i32.add (local.get $out) (i32.const 16))) (local.get $end)))))`;

/** Rows of c float32 as int16, each with its scale. c is a multiple of 8. */
const QUANTISE = `
(func (export "quantise") (param $x i32) (param $m i32) (param $c i32) (param $out i32) (param $scales i32) (param $range f32)
  (local $i i32) (local $p i32) (local $end i32) (local $max v128)
  (loop $rows
    (local.set $max (v128.const i32x4 0 0 0 0))
    (local.set $p (local.get $x))
    (local.set $end (i32.add (local.get $x) (i32.shl (local.get $c) (i32.const 2))))
    (loop $each
      (local.set $max (f32x4.pmax (local.get $max) (f32x4.abs (v128.load (local.get $p)))))
      (br_if $each (i32.lt_u (local.tee $p (i32.add (local.get $p) (i32.const 16))) (local.get $end))))
    (call $round (local.get $x) (local.get $c) (local.get $max) (local.get $out) (local.get $scales) (local.get $range))
    (local.set $x (local.get $end))
    (local.set $out (i32.add (local.get $out) (i32.shl (local.get $c) (i32.const 1))))
    (local.set $scales (i32.add (local.get $scales) (i32.const 4)))
    (br_if $rows (i32.lt_s (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $m)))))`;

/** Where tap t of a 3x3 kernel reads for the pixel at (oy, ox): outside of the map zeros. @param {number} t */
const tap = (t) => `
  (local.set $iy (i32.add (i32.mul (local.get $oy) (local.get $step)) (i32.const ${Math.floor(t / 3) - 1})))
  (local.set $ix (i32.add (i32.mul (local.get $ox) (local.get $step)) (i32.const ${(t % 3) - 1})))
  (local.set $p${t} (select
    (i32.add (local.get $x)
      (i32.mul (local.get $pitch) (i32.add (i32.mul (local.get $iy) (local.get $width)) (local.get $ix))))
    (local.get $zeros)
    (i32.and (i32.lt_u (local.get $iy) (local.get $height)) (i32.lt_u (local.get $ix) (local.get $width)))))`;

/** @param {number} half @param {number} t */
const tapHalf = (half, t) => `
  (local.set $s${half} (f32x4.add (local.get $s${half})
    (f32x4.mul (v128.load offset=${16 * half} (local.get $p${t})) (v128.load offset=${LANES * t + 16 * half} (local.get $q)))))`;

/**
 * 3x3, pad 1, each channel by itself, with its activation: pixels [from, to) of the map that comes out, as rows of int16 with
 * scales. channels is a multiple of 8. constants: for each 8 channels nine taps, bias, slope. row: room for one pixel.
 */
const DEPTHWISE = `
(func (export "depthwise") (param $x i32) (param $height i32) (param $width i32) (param $channels i32) (param $step i32)
    (param $constants i32) (param $cap f32) (param $zeros i32) (param $row i32) (param $from i32) (param $to i32)
    (param $outWidth i32) (param $out i32) (param $scales i32) (param $range f32)
  (local $pitch i32) (local $oy i32) (local $ox i32) (local $iy i32) (local $ix i32) (local $q i32) (local $o i32) (local $end i32)
  ${repeat(9, (t) => `(local $p${t} i32)`)}
  (local $s0 v128) (local $s1 v128) (local $zero v128) (local $top v128) (local $max v128)
  (local.set $top (f32x4.splat (local.get $cap)))
  (local.set $pitch (i32.shl (local.get $channels) (i32.const 2)))
  (loop $pixels
    (local.set $oy (i32.div_u (local.get $from) (local.get $outWidth)))
    (local.set $ox (i32.rem_u (local.get $from) (local.get $outWidth)))
    ${repeat(9, tap)}
    (local.set $max (v128.const i32x4 0 0 0 0))
    (local.set $q (local.get $constants))
    (local.set $o (local.get $row))
    (local.set $end (i32.add (local.get $row) (local.get $pitch)))
    (loop $each
      (local.set $s0 (v128.load offset=${LANES * 9} (local.get $q)))
      (local.set $s1 (v128.load offset=${LANES * 9 + 16} (local.get $q)))
      ${repeat(9, (t) => `${tapHalf(0, t)}${tapHalf(1, t)} (local.set $p${t} (i32.add (local.get $p${t}) (i32.const ${LANES})))`)}
      (local.set $s0 ${activated('$s0', `(v128.load offset=${LANES * 10} (local.get $q))`)})
      (local.set $s1 ${activated('$s1', `(v128.load offset=${LANES * 10 + 16} (local.get $q))`)})
      (v128.store (local.get $o) (local.get $s0))
      (v128.store offset=16 (local.get $o) (local.get $s1))
      (local.set $max (f32x4.pmax (local.get $max) (f32x4.pmax (f32x4.abs (local.get $s0)) (f32x4.abs (local.get $s1)))))
      (local.set $q (i32.add (local.get $q) (i32.const ${LANES * 11})))
      (br_if $each (i32.lt_u (local.tee $o (i32.add (local.get $o) (i32.const ${LANES}))) (local.get $end))))
    (call $round (local.get $row) (local.get $channels) (local.get $max) (local.get $out) (local.get $scales) (local.get $range))
    (local.set $out (i32.add (local.get $out) (i32.shl (local.get $channels) (i32.const 1))))
    (local.set $scales (i32.add (local.get $scales) (i32.const 4)))
    (br_if $pixels (i32.lt_s (local.tee $from (i32.add (local.get $from) (i32.const 1))) (local.get $to)))))`;

/** @returns {Promise<string>} the module in base64 */
export async function compileInteger() {
  const { parseWat } = await wabt();
  const text = `(module (memory (export "memory") 1) ${ROUND} ${QUANTISE} ${DEPTHWISE} ${MULTIPLY})`;
  const module = parseWat('integer.wat', text, { simd: true });
  module.validate();
  return Buffer.from(module.toBinary({}).buffer).toString('base64');
}

if (process.argv[1] === import.meta.filename)
  writeFileSync(
    join(import.meta.dirname, '../src/core/model/integer-bytes.ts'),
    `/** Compiled by scripts/build-integer.mjs; base64. */\nexport const INTEGER_BYTES =\n  '${await compileInteger()}';\n`,
  );
