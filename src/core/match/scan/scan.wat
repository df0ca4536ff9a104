;; Dot products of int8 rows with an int16 probe, 128-bit SIMD. Compiled by scripts/build-scan.mjs into scan-bytes.ts.
;; $stride: bytes of a row, a multiple of 32, padded with zeros as the probe is. The sums stay below 2^31: see PROBE_LIMIT.
(module
  (memory (export "memory") 1)
  (func (export "scan")
    (param $rows i32) (param $count i32) (param $stride i32) (param $probe i32) (param $out i32)
    (local $end i32) (local $p i32) (local $a v128) (local $b v128)
    (block $done
      (br_if $done (i32.eqz (local.get $count)))
      (loop $row
        (local.set $a (v128.const i32x4 0 0 0 0))
        (local.set $b (v128.const i32x4 0 0 0 0))
        (local.set $p (local.get $probe))
        (local.set $end (i32.add (local.get $rows) (local.get $stride)))
        (loop $step
          (local.set $a (i32x4.add (local.get $a)
            (i32x4.dot_i16x8_s (v128.load8x8_s (local.get $rows)) (v128.load (local.get $p)))))
          (local.set $b (i32x4.add (local.get $b)
            (i32x4.dot_i16x8_s (v128.load8x8_s offset=8 (local.get $rows)) (v128.load offset=16 (local.get $p)))))
          (local.set $a (i32x4.add (local.get $a)
            (i32x4.dot_i16x8_s (v128.load8x8_s offset=16 (local.get $rows)) (v128.load offset=32 (local.get $p)))))
          (local.set $b (i32x4.add (local.get $b)
            (i32x4.dot_i16x8_s (v128.load8x8_s offset=24 (local.get $rows)) (v128.load offset=48 (local.get $p)))))
          (local.set $rows (i32.add (local.get $rows) (i32.const 32)))
          (local.set $p (i32.add (local.get $p) (i32.const 64)))
          (br_if $step (i32.lt_u (local.get $rows) (local.get $end))))
        (local.set $a (i32x4.add (local.get $a) (local.get $b)))
        (i32.store (local.get $out)
          (i32.add
            (i32.add (i32x4.extract_lane 0 (local.get $a)) (i32x4.extract_lane 1 (local.get $a)))
            (i32.add (i32x4.extract_lane 2 (local.get $a)) (i32x4.extract_lane 3 (local.get $a)))))
        (local.set $out (i32.add (local.get $out) (i32.const 4)))
        (local.set $count (i32.sub (local.get $count) (i32.const 1)))
        (br_if $row (local.get $count))))))
