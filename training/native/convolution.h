// Convolutions and matrix products over oneDNN.
#pragma once

#include "values.h"

namespace {

struct Geometry {
  int64_t batch, height, width, inputs, kh, kw, outputs, stride_h, stride_w, pad_top, pad_left, out_h, out_w;
  bool operator<(const Geometry& other) const { return std::memcmp(this, &other, sizeof(Geometry)) < 0; }
  int64_t rows() const { return batch * out_h * out_w; }
  bool pointwise() const { return kh == 1 && kw == 1 && stride_h == 1 && stride_w == 1; }
};

Geometry geometry(Arguments& a) {
  Geometry g;
  int64_t* fields = &g.batch;
  for (int i = 0; i < 13; i++) fields[i] = a.integer();
  return g;
}

void reorder_into(memory from, memory to) {
  reorder(from, to).execute(cpu_stream, from, to);
}

class Convolution {
 public:
  Convolution(const Geometry& g, Type type) {
    const memory::dims src{g.batch, g.inputs, g.height, g.width}, weights{g.outputs, g.inputs, g.kh, g.kw},
        dst{g.batch, g.outputs, g.out_h, g.out_w}, strides{g.stride_h, g.stride_w}, begin{g.pad_top, g.pad_left},
        end{(g.out_h - 1) * g.stride_h + g.kh - g.height - g.pad_top, (g.out_w - 1) * g.stride_w + g.kw - g.width - g.pad_left};
    source_ = {src, type, Tag::nhwc};
    result_ = {dst, type, Tag::nhwc};
    user_weights_ = {weights, Type::f32, Tag::hwio};
    const memory::desc any(weights, type, Tag::any), any_gradient(weights, Type::f32, Tag::any);
    const auto algorithm = algorithm::convolution_direct;
    forward_ = {cpu_engine, prop_kind::forward_training, algorithm, source_, any, result_, strides, begin, end};
    backward_data_ = {cpu_engine, algorithm, source_, any, result_, strides, begin, end, forward_};
    backward_weights_ = {cpu_engine, algorithm, source_, any_gradient, result_, strides, begin, end, forward_};
    run_forward_ = convolution_forward(forward_);
    run_backward_data_ = convolution_backward_data(backward_data_);
    run_backward_weights_ = convolution_backward_weights(backward_weights_);
  }

  void forward(const Array& x, const Array& weights, const Array& y) {
    memory w = arranged(weights, forward_.weights_desc());
    run_forward_.execute(cpu_stream, {{DNNL_ARG_SRC, at(source_, x)}, {DNNL_ARG_WEIGHTS, w}, {DNNL_ARG_DST, at(result_, y)}});
    cpu_stream.wait();
  }
  void backward_data(const Array& dy, const Array& weights, const Array& dx) {
    memory w = arranged(weights, backward_data_.weights_desc());
    run_backward_data_.execute(cpu_stream, {{DNNL_ARG_DIFF_DST, at(result_, dy)}, {DNNL_ARG_WEIGHTS, w}, {DNNL_ARG_DIFF_SRC, at(source_, dx)}});
    cpu_stream.wait();
  }
  void backward_weights(const Array& x, const Array& dy, const Array& dw) {
    const memory::desc wanted = backward_weights_.diff_weights_desc();
    memory user(user_weights_, cpu_engine, dw.data);
    memory w = wanted == user_weights_ ? user : memory(wanted, cpu_engine);
    run_backward_weights_.execute(cpu_stream, {{DNNL_ARG_SRC, at(source_, x)}, {DNNL_ARG_DIFF_DST, at(result_, dy)}, {DNNL_ARG_DIFF_WEIGHTS, w}});
    if (wanted != user_weights_) reorder_into(w, user);
    cpu_stream.wait();
  }

 private:
  static memory at(const memory::desc& desc, const Array& array) { return memory(desc, cpu_engine, array.data); }
  memory arranged(const Array& weights, const memory::desc& wanted) {
    memory user(user_weights_, cpu_engine, weights.data);
    if (wanted == user_weights_) return user;
    memory result(wanted, cpu_engine);
    reorder_into(user, result);
    return result;
  }
  memory::desc source_, result_, user_weights_;
  convolution_forward::primitive_desc forward_;
  convolution_backward_data::primitive_desc backward_data_;
  convolution_backward_weights::primitive_desc backward_weights_;
  convolution_forward run_forward_;
  convolution_backward_data run_backward_data_;
  convolution_backward_weights run_backward_weights_;
};

Convolution& convolution(const Geometry& g, Type type) {
  static std::map<std::pair<Geometry, Type>, std::unique_ptr<Convolution>> cache;
  auto& entry = cache[{g, type}];
  if (!entry) entry = std::make_unique<Convolution>(g, type);
  return *entry;
}

struct Product {
  int64_t m, n, k;
  bool transpose_a, transpose_b;
  Type type, result;
  bool operator<(const Product& o) const {
    return std::tie(m, n, k, transpose_a, transpose_b, type, result) < std::tie(o.m, o.n, o.k, o.transpose_a, o.transpose_b, o.type, o.result);
  }
};

void multiply(const Product& p, void* a, void* b, void* c) {
  static std::map<Product, std::pair<matmul::primitive_desc, matmul>> cache;
  auto found = cache.find(p);
  if (found == cache.end()) {
    const memory::desc da({p.m, p.k}, p.type, p.transpose_a ? memory::dims{1, p.m} : memory::dims{p.k, 1});
    const memory::desc db({p.k, p.n}, p.type, p.transpose_b ? memory::dims{1, p.k} : memory::dims{p.n, 1});
    const memory::desc dc({p.m, p.n}, p.result, memory::dims{p.n, 1});
    const matmul::primitive_desc desc(cpu_engine, da, db, dc);
    found = cache.emplace(p, std::make_pair(desc, matmul(desc))).first;
  }
  const auto& desc = found->second.first;
  found->second.second.execute(cpu_stream, {{DNNL_ARG_SRC, memory(desc.src_desc(), cpu_engine, a)},
                                            {DNNL_ARG_WEIGHTS, memory(desc.weights_desc(), cpu_engine, b)},
                                            {DNNL_ARG_DST, memory(desc.dst_desc(), cpu_engine, c)}});
  cpu_stream.wait();
}

// Rows of the patches under each output position: [batch * out_h * out_w, kh * kw * inputs].
void gather_patches(const Geometry& g, const uint16_t* x, uint16_t* patches) {
  const int64_t patch = g.kh * g.kw * g.inputs;
#pragma omp parallel for
  for (int64_t row = 0; row < g.rows(); row++) {
    const int64_t ox = row % g.out_w, oy = row / g.out_w % g.out_h, b = row / (g.out_w * g.out_h);
    uint16_t* target = patches + row * patch;
    for (int64_t ky = 0; ky < g.kh; ky++)
      for (int64_t kx = 0; kx < g.kw; kx++, target += g.inputs) {
        const int64_t y = oy * g.stride_h - g.pad_top + ky, z = ox * g.stride_w - g.pad_left + kx;
        if (y < 0 || y >= g.height || z < 0 || z >= g.width) std::memset(target, 0, g.inputs * 2);
        else std::memcpy(target, x + ((b * g.height + y) * g.width + z) * g.inputs, g.inputs * 2);
      }
  }
}

// Adds patches back to the positions that they were gathered from; the inverse of gather_patches' addressing.
void scatter_patches(const Geometry& g, const uint16_t* patches, uint16_t* x) {
  const int64_t patch = g.kh * g.kw * g.inputs, picture = g.height * g.width * g.inputs;
#pragma omp parallel
  {
    std::vector<float> sums(picture);
#pragma omp for schedule(static)
    for (int64_t b = 0; b < g.batch; b++) {
      std::fill(sums.begin(), sums.end(), 0.f);
      for (int64_t oy = 0; oy < g.out_h; oy++)
        for (int64_t ox = 0; ox < g.out_w; ox++) {
          const uint16_t* source = patches + ((b * g.out_h + oy) * g.out_w + ox) * patch;
          for (int64_t ky = 0; ky < g.kh; ky++)
            for (int64_t kx = 0; kx < g.kw; kx++, source += g.inputs) {
              const int64_t y = oy * g.stride_h - g.pad_top + ky, z = ox * g.stride_w - g.pad_left + kx;
              if (y < 0 || y >= g.height || z < 0 || z >= g.width) continue;
              float* target = sums.data() + (y * g.width + z) * g.inputs;
#pragma omp simd
              for (int64_t c = 0; c < g.inputs; c++) target[c] += widen(source[c]);
            }
        }
      for (int64_t i = 0; i < picture; i++) x[b * picture + i] = narrow(sums[i]);
    }
  }
}

struct Scratch {
  std::vector<uint16_t> values;
  uint16_t* of(size_t size) {
    if (values.size() < size) values.resize(size);
    return values.data();
  }
};
Scratch patch_scratch, weight_scratch;

uint16_t* narrow_weights(const Array& weights) {
  uint16_t* result = weight_scratch.of(weights.length);
  const float* source = weights.f32();
#pragma omp parallel for simd schedule(static)
  for (int64_t i = 0; i < int64_t(weights.length); i++) result[i] = narrow(source[i]);
  return result;
}

// The convolution's three products as matrix products over gathered patches, bfloat16.
void forward_by_patches(const Geometry& g, const Array& x, const Array& weights, const Array& y) {
  const int64_t patch = g.kh * g.kw * g.inputs;
  uint16_t* rows = g.pointwise() ? x.bf16() : patch_scratch.of(g.rows() * patch);
  if (!g.pointwise()) gather_patches(g, x.bf16(), rows);
  multiply({g.rows(), g.outputs, patch, false, false, Type::bf16, Type::bf16}, rows, narrow_weights(weights), y.data);
}
void input_gradient_by_patches(const Geometry& g, const Array& dy, const Array& weights, const Array& dx) {
  const int64_t patch = g.kh * g.kw * g.inputs;
  uint16_t* rows = g.pointwise() ? dx.bf16() : patch_scratch.of(g.rows() * patch);
  multiply({g.rows(), patch, g.outputs, false, true, Type::bf16, Type::bf16}, dy.data, narrow_weights(weights), rows);
  if (!g.pointwise()) scatter_patches(g, rows, dx.bf16());
}
void weight_gradient_by_patches(const Geometry& g, const Array& x, const Array& dy, const Array& dw) {
  const int64_t patch = g.kh * g.kw * g.inputs;
  uint16_t* rows = g.pointwise() ? x.bf16() : patch_scratch.of(g.rows() * patch);
  if (!g.pointwise()) gather_patches(g, x.bf16(), rows);
  multiply({patch, g.outputs, g.rows(), true, false, Type::bf16, Type::f32}, rows, dy.data, dw.data);
}

// oneDNN's own convolutions and the matrix products overtake each other by factors of up to a hundred from one geometry to
// the next (measured), so each geometry's first call times both and the faster one stays.
enum class Step { forward, input_gradient, weight_gradient };

enum class Path { measured, direct, patches };
Path path = Path::measured;

double milliseconds() { return omp_get_wtime() * 1e3; }

template <typename Direct, typename Patches>
void faster(Step step, const Geometry& g, Type type, Direct direct, Patches patches) {
  static std::map<std::pair<Step, Geometry>, bool> by_patches;
  if (type != Type::bf16 || path == Path::direct) return direct();
  if (path == Path::patches) return patches();
  const auto key = std::make_pair(step, g);
  const auto known = by_patches.find(key);
  if (known != by_patches.end()) return known->second ? patches() : direct();
  const auto best_of = [](auto run) {
    run();
    double best = INFINITY;
    for (int i = 0; i < 3; i++) {
      const double start = milliseconds();
      run();
      best = std::min(best, milliseconds() - start);
    }
    return best;
  };
  const double with_patches = best_of(patches);
  const bool chosen = with_patches < best_of(direct);
  by_patches.emplace(key, chosen);
  if (chosen) patches();
}

}  // namespace
