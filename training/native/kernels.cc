// Training kernels over oneDNN 3 (https://github.com/uxlfoundation/oneDNN), as a Node-API addon.
// Tensors are NHWC; activations are float32 (Float32Array) or bfloat16 (Uint16Array), weights and statistics float32.
// Every array is given by the caller with its exact size; TypeScript checks shapes before it calls.
#include <node_api.h>

#include <cmath>
#include <cstdint>
#include <cstring>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <oneapi/dnnl/dnnl.hpp>
#include <omp.h>

using namespace dnnl;
using Tag = memory::format_tag;
using Type = memory::data_type;

namespace {

engine cpu_engine(engine::kind::cpu, 0);
stream cpu_stream(cpu_engine);

// ---- bfloat16 ------------------------------------------------------------------------------------------------------

inline float widen(uint16_t bits) {
  const uint32_t word = uint32_t(bits) << 16;
  float value;
  std::memcpy(&value, &word, 4);
  return value;
}

inline uint16_t narrow(float value) {
  uint32_t word;
  std::memcpy(&word, &value, 4);
  return uint16_t((word + 0x7fff + ((word >> 16) & 1)) >> 16);  // round to nearest even; NaN stays NaN or infinity
}

inline float load(const float* p) { return *p; }
inline float load(const uint16_t* p) { return widen(*p); }
inline void store(float* p, float v) { *p = v; }
inline void store(uint16_t* p, float v) { *p = narrow(v); }

// ---- arguments -----------------------------------------------------------------------------------------------------

struct Array {
  void* data = nullptr;
  size_t length = 0;
  bool half = false;  // bfloat16
  float* f32() const { return static_cast<float*>(data); }
  uint16_t* bf16() const { return static_cast<uint16_t*>(data); }
  Type type() const { return half ? Type::bf16 : Type::f32; }
};

class Arguments {
 public:
  Arguments(napi_env env, napi_callback_info info) : env_(env) {
    size_t count = 32;
    napi_get_cb_info(env, info, &count, values_, nullptr, nullptr);
    count_ = count;
  }
  double number() {
    double result = 0;
    if (napi_get_value_double(env_, next(), &result) != napi_ok) fail("a number");
    return result;
  }
  int64_t integer() { return int64_t(number()); }
  bool flag() { return number() != 0; }
  Array array() {
    Array result;
    napi_typedarray_type type;
    if (napi_get_typedarray_info(env_, next(), &type, &result.length, &result.data, nullptr, nullptr) != napi_ok) fail("a typed array");
    if (type != napi_float32_array && type != napi_uint16_array) fail("a Float32Array or Uint16Array");
    result.half = type == napi_uint16_array;
    return result;
  }
  bool absent() {
    napi_valuetype type = napi_undefined;
    napi_typeof(env_, values_[position_], &type);
    if (type != napi_undefined && type != napi_null) return false;
    position_++;
    return true;
  }

 private:
  napi_value next() {
    if (position_ >= count_) throw std::invalid_argument("too few arguments");
    return values_[position_++];
  }
  [[noreturn]] void fail(const char* wanted) {
    throw std::invalid_argument("argument " + std::to_string(position_ - 1) + " must be " + wanted);
  }
  napi_env env_;
  napi_value values_[32];
  size_t count_ = 0, position_ = 0;
};

// ---- convolution ---------------------------------------------------------------------------------------------------

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

// ---- matrix product ------------------------------------------------------------------------------------------------

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

// ---- batch norm ----------------------------------------------------------------------------------------------------

constexpr int64_t kBlock = 64;  // rows summed in float32 before they are added in float64

// Adds each thread's sums of `channels` columns, in the order of the threads, so that results repeat.
template <typename Row>
void column_sums(int64_t rows, int64_t channels, std::vector<double>& first, std::vector<double>& second, Row row) {
  const int threads = omp_get_max_threads();
  std::vector<std::vector<double>> totals(threads, std::vector<double>(2 * channels, 0.0));
#pragma omp parallel
  {
    auto& total = totals[omp_get_thread_num()];
    std::vector<float> part(2 * channels);
#pragma omp for schedule(static)
    for (int64_t start = 0; start < rows; start += kBlock) {
      std::fill(part.begin(), part.end(), 0.f);
      const int64_t end = std::min(rows, start + kBlock);
      for (int64_t r = start; r < end; r++) row(r, part.data(), part.data() + channels);
      for (int64_t c = 0; c < 2 * channels; c++) total[c] += part[c];
    }
  }
  first.assign(channels, 0.0);
  second.assign(channels, 0.0);
  for (const auto& total : totals)
    for (int64_t c = 0; c < channels; c++) first[c] += total[c], second[c] += total[channels + c];
}

template <typename T>
void norm_forward(const T* x, const T* residual, const float* gamma, const float* beta, T* y, float* mean, float* variance,
                  int64_t rows, int64_t channels, float epsilon, bool relu) {
  std::vector<double> sum, squares;
  column_sums(rows, channels, sum, squares, [=](int64_t r, float* s, float* q) {
    const T* p = x + r * channels;
#pragma omp simd
    for (int64_t c = 0; c < channels; c++) { const float v = load(p + c); s[c] += v; q[c] += v * v; }
  });
  std::vector<float> scale(channels), shift(channels);
  for (int64_t c = 0; c < channels; c++) {
    const double m = sum[c] / rows, v = std::max(0.0, squares[c] / rows - m * m);
    mean[c] = float(m);
    variance[c] = float(v);
    scale[c] = float(gamma[c] / std::sqrt(v + epsilon));
    shift[c] = float(beta[c] - m * scale[c]);
  }
  const float *k = scale.data(), *o = shift.data();
  const float floor = relu ? 0.f : -INFINITY;
#pragma omp parallel for schedule(static)
  for (int64_t r = 0; r < rows; r++) {
    const T* p = x + r * channels;
    T* q = y + r * channels;
    if (residual) {
      const T* s = residual + r * channels;
#pragma omp simd
      for (int64_t c = 0; c < channels; c++) { const float v = load(p + c) * k[c] + o[c] + load(s + c); store(q + c, v > floor ? v : floor); }
    } else {
#pragma omp simd
      for (int64_t c = 0; c < channels; c++) { const float v = load(p + c) * k[c] + o[c]; store(q + c, v > floor ? v : floor); }
    }
  }
}

template <typename T>
void norm_backward(const T* dy, const T* x, const T* y, const float* gamma, const float* mean, const float* variance, T* dx,
                   T* residual, float* dgamma, float* dbeta, int64_t rows, int64_t channels, float epsilon, bool relu) {
  std::vector<double> sum, products;
  column_sums(rows, channels, sum, products, [=](int64_t r, float* s, float* q) {
    const T *d = dy + r * channels, *p = x + r * channels, *o = y + r * channels;
    if (relu) {
#pragma omp simd
      for (int64_t c = 0; c < channels; c++) { const float g = load(o + c) > 0 ? load(d + c) : 0.f; s[c] += g; q[c] += g * (load(p + c) - mean[c]); }
    } else {
#pragma omp simd
      for (int64_t c = 0; c < channels; c++) { const float g = load(d + c); s[c] += g; q[c] += g * (load(p + c) - mean[c]); }
    }
  });
  // dx = scale * (g - mean(g) - (x - mean) * mean(g * (x - mean)) / variance)
  std::vector<float> a(channels), b(channels), e(channels);
  for (int64_t c = 0; c < channels; c++) {
    const double inverse = 1 / std::sqrt(double(variance[c]) + epsilon);
    dbeta[c] = float(sum[c]);
    dgamma[c] = float(products[c] * inverse);
    a[c] = float(gamma[c] * inverse);
    e[c] = float(-gamma[c] * inverse * inverse * inverse * products[c] / rows);
    b[c] = float(-gamma[c] * inverse * sum[c] / rows - double(e[c]) * mean[c]);
  }
  const float *pa = a.data(), *pb = b.data(), *pe = e.data();
#pragma omp parallel for schedule(static)
  for (int64_t r = 0; r < rows; r++) {
    const T *d = dy + r * channels, *p = x + r * channels, *o = y + r * channels;
    T* q = dx + r * channels;
    if (residual) {
      T* s = residual + r * channels;
#pragma omp simd
      for (int64_t c = 0; c < channels; c++) {
        const float g = !relu || load(o + c) > 0 ? load(d + c) : 0.f;
        store(s + c, g);
        store(q + c, pa[c] * g + pb[c] + pe[c] * load(p + c));
      }
    } else {
#pragma omp simd
      for (int64_t c = 0; c < channels; c++) {
        const float g = !relu || load(o + c) > 0 ? load(d + c) : 0.f;
        store(q + c, pa[c] * g + pb[c] + pe[c] * load(p + c));
      }
    }
  }
}

// ---- pooling -------------------------------------------------------------------------------------------------------

// Visits the first maximum of each window: emit(channel offset in x, channel, value).
template <typename T>
void max_pool(const Geometry& g, const T* x, T* y, const T* dy, T* dx) {
  const int64_t channels = g.inputs;
  if (dx) std::memset(dx, 0, sizeof(T) * g.batch * g.height * g.width * channels);
#pragma omp parallel for schedule(static)
  for (int64_t b = 0; b < g.batch; b++) {
    std::vector<float> best(channels), sums(dx ? g.height * g.width * channels : 0, 0.f);
    std::vector<int32_t> at(channels);
    for (int64_t oy = 0; oy < g.out_h; oy++)
      for (int64_t ox = 0; ox < g.out_w; ox++) {
        std::fill(best.begin(), best.end(), -INFINITY);
        for (int64_t ky = 0; ky < g.kh; ky++)
          for (int64_t kx = 0; kx < g.kw; kx++) {
            const int64_t iy = oy * g.stride_h - g.pad_top + ky, ix = ox * g.stride_w - g.pad_left + kx;
            if (iy < 0 || iy >= g.height || ix < 0 || ix >= g.width) continue;
            const int32_t position = int32_t(iy * g.width + ix);
            const T* p = x + (b * g.height * g.width + position) * channels;
            for (int64_t c = 0; c < channels; c++) {
              const float v = load(p + c);
              const bool more = v > best[c];
              best[c] = more ? v : best[c];
              at[c] = more ? position : at[c];
            }
          }
        const int64_t out = ((b * g.out_h + oy) * g.out_w + ox) * channels;
        if (y) for (int64_t c = 0; c < channels; c++) store(y + out + c, best[c]);
        else for (int64_t c = 0; c < channels; c++) sums[int64_t(at[c]) * channels + c] += load(dy + out + c);
      }
    if (dx) for (int64_t i = 0; i < int64_t(sums.size()); i++) store(dx + b * int64_t(sums.size()) + i, sums[i]);
  }
}

template <typename T>
void spatial_mean(const T* x, float* y, int64_t batch, int64_t positions, int64_t channels) {
#pragma omp parallel for schedule(static)
  for (int64_t b = 0; b < batch; b++) {
    float* q = y + b * channels;
    std::fill(q, q + channels, 0.f);
    for (int64_t i = 0; i < positions; i++)
      for (int64_t c = 0; c < channels; c++) q[c] += load(x + (b * positions + i) * channels + c);
    for (int64_t c = 0; c < channels; c++) q[c] /= positions;
  }
}

template <typename T>
void spatial_mean_gradient(const float* dy, T* dx, int64_t batch, int64_t positions, int64_t channels) {
#pragma omp parallel for schedule(static)
  for (int64_t b = 0; b < batch; b++)
    for (int64_t i = 0; i < positions; i++)
      for (int64_t c = 0; c < channels; c++) store(dx + (b * positions + i) * channels + c, dy[b * channels + c] / positions);
}

// ---- depthwise convolution -----------------------------------------------------------------------------------------

constexpr int64_t kLanes = 64;  // channels whose sums stay in registers

// Every channel with a filter of its own, [kh, kw, channels]; rows of the result are shared among the threads.
template <typename T>
void depthwise(const Geometry& g, const T* x, const float* weights, T* y) {
  const int64_t channels = g.inputs;
#pragma omp parallel for schedule(static)
  for (int64_t row = 0; row < g.batch * g.out_h; row++) {
    const int64_t b = row / g.out_h, top = row % g.out_h * g.stride_h - g.pad_top;
    for (int64_t ox = 0; ox < g.out_w; ox++) {
      const int64_t left = ox * g.stride_w - g.pad_left;
      T* out = y + (row * g.out_w + ox) * channels;
      for (int64_t start = 0; start < channels; start += kLanes) {
        const int64_t lanes = std::min(kLanes, channels - start);
        float sums[kLanes] = {};
        for (int64_t ky = std::max<int64_t>(0, -top); ky < std::min(g.kh, g.height - top); ky++)
          for (int64_t kx = std::max<int64_t>(0, -left); kx < std::min(g.kw, g.width - left); kx++) {
            const T* p = x + ((b * g.height + top + ky) * g.width + left + kx) * channels + start;
            const float* w = weights + (ky * g.kw + kx) * channels + start;
            if (lanes == kLanes) {
#pragma omp simd
              for (int64_t c = 0; c < kLanes; c++) sums[c] += load(p + c) * w[c];
            } else {
#pragma omp simd
              for (int64_t c = 0; c < lanes; c++) sums[c] += load(p + c) * w[c];
            }
          }
#pragma omp simd
        for (int64_t c = 0; c < lanes; c++) store(out + start + c, sums[c]);
      }
    }
  }
}

// dx of `depthwise`: each input position gathers from the output positions whose window holds it.
template <typename T>
void depthwise_input_gradient(const Geometry& g, const T* dy, const float* weights, T* dx) {
  const int64_t channels = g.inputs;
#pragma omp parallel for schedule(static)
  for (int64_t row = 0; row < g.batch * g.height; row++) {
    const int64_t b = row / g.height, iy = row % g.height;
    for (int64_t ix = 0; ix < g.width; ix++) {
      T* out = dx + (row * g.width + ix) * channels;
      for (int64_t start = 0; start < channels; start += kLanes) {
        const int64_t lanes = std::min(kLanes, channels - start);
        float sums[kLanes] = {};
        for (int64_t ky = 0; ky < g.kh; ky++) {
          const int64_t down = iy + g.pad_top - ky;
          if (down < 0 || down % g.stride_h || down / g.stride_h >= g.out_h) continue;
          for (int64_t kx = 0; kx < g.kw; kx++) {
            const int64_t along = ix + g.pad_left - kx;
            if (along < 0 || along % g.stride_w || along / g.stride_w >= g.out_w) continue;
            const T* p = dy + ((b * g.out_h + down / g.stride_h) * g.out_w + along / g.stride_w) * channels + start;
            const float* w = weights + (ky * g.kw + kx) * channels + start;
#pragma omp simd
            for (int64_t c = 0; c < lanes; c++) sums[c] += load(p + c) * w[c];
          }
        }
#pragma omp simd
        for (int64_t c = 0; c < lanes; c++) store(out + start + c, sums[c]);
      }
    }
  }
}

// dw of `depthwise`; a picture's sums are float32, the pictures' are added in float64, in the order of the threads.
template <typename T>
void depthwise_filter_gradient(const Geometry& g, const T* x, const T* dy, float* dw) {
  const int64_t channels = g.inputs, size = g.kh * g.kw * channels;
  std::vector<std::vector<double>> totals(omp_get_max_threads(), std::vector<double>(size, 0.0));
#pragma omp parallel
  {
    auto& total = totals[omp_get_thread_num()];
    std::vector<float> part(size);
#pragma omp for schedule(static)
    for (int64_t b = 0; b < g.batch; b++) {
      std::fill(part.begin(), part.end(), 0.f);
      for (int64_t oy = 0; oy < g.out_h; oy++)
        for (int64_t ky = 0; ky < g.kh; ky++) {
          const int64_t iy = oy * g.stride_h - g.pad_top + ky;
          if (iy < 0 || iy >= g.height) continue;
          for (int64_t ox = 0; ox < g.out_w; ox++)
            for (int64_t kx = 0; kx < g.kw; kx++) {
              const int64_t ix = ox * g.stride_w - g.pad_left + kx;
              if (ix < 0 || ix >= g.width) continue;
              const T* p = x + ((b * g.height + iy) * g.width + ix) * channels;
              const T* d = dy + ((b * g.out_h + oy) * g.out_w + ox) * channels;
              float* sum = part.data() + (ky * g.kw + kx) * channels;
#pragma omp simd
              for (int64_t c = 0; c < channels; c++) sum[c] += load(p + c) * load(d + c);
            }
        }
      for (int64_t i = 0; i < size; i++) total[i] += part[i];
    }
  }
  std::vector<double> sums(size, 0.0);
  for (const auto& total : totals)
    for (int64_t i = 0; i < size; i++) sums[i] += total[i];
  for (int64_t i = 0; i < size; i++) dw[i] = float(sums[i]);
}

// ---- a convolution's bias, addition and activation -----------------------------------------------------------------

// y = clip(y + bias + added), in place; bias and added may be absent.
template <typename T>
void add_and_clip(T* y, const float* bias, const T* added, int64_t rows, int64_t channels, float low, float high) {
  const std::vector<float> none(bias ? 0 : channels, 0.f);
  const float* shift = bias ? bias : none.data();
#pragma omp parallel for schedule(static)
  for (int64_t r = 0; r < rows; r++) {
    T* p = y + r * channels;
    if (added) {
      const T* q = added + r * channels;
#pragma omp simd
      for (int64_t c = 0; c < channels; c++) {
        float v = load(p + c) + shift[c] + load(q + c);
        v = v > low ? v : low;
        store(p + c, v < high ? v : high);
      }
    } else {
#pragma omp simd
      for (int64_t c = 0; c < channels; c++) {
        float v = load(p + c) + shift[c];
        v = v > low ? v : low;
        store(p + c, v < high ? v : high);
      }
    }
  }
}

// through = dy where low < y < high, else 0; dbias = its sums. `through` may be absent where nothing is clipped.
template <typename T>
void clip_gradient(const T* dy, const T* y, T* through, float* dbias, int64_t rows, int64_t channels, float low, float high) {
  std::vector<double> sum, unused;
  column_sums(rows, channels, sum, unused, [=](int64_t r, float* s, float*) {
    const T* d = dy + r * channels;
    if (through) {
      const T* p = y + r * channels;
      T* q = through + r * channels;
#pragma omp simd
      for (int64_t c = 0; c < channels; c++) {
        const float v = load(p + c), g = v > low && v < high ? load(d + c) : 0.f;
        s[c] += g;
        store(q + c, g);
      }
    } else {
#pragma omp simd
      for (int64_t c = 0; c < channels; c++) s[c] += load(d + c);
    }
  });
  for (int64_t c = 0; c < channels; c++) dbias[c] = float(sum[c]);
}

// ---- exported functions --------------------------------------------------------------------------------------------

using Body = void (*)(Arguments&);

template <Body body>
napi_value guarded(napi_env env, napi_callback_info info) {
  try {
    Arguments arguments(env, info);
    body(arguments);
  } catch (const dnnl::error& e) {
    napi_throw_error(env, nullptr, (std::string("oneDNN: ") + e.what()).c_str());
  } catch (const std::exception& e) {
    napi_throw_error(env, nullptr, e.what());
  }
  return nullptr;
}

// conv2d(x, weights, y, geometry...)
void conv2d(Arguments& a) {
  const Array x = a.array(), w = a.array(), y = a.array();
  const Geometry g = geometry(a);
  faster(Step::forward, g, x.type(), [&] { convolution(g, x.type()).forward(x, w, y); }, [&] { forward_by_patches(g, x, w, y); });
}
// conv2dInputGradient(dy, weights, dx, geometry...)
void conv2d_input_gradient(Arguments& a) {
  const Array dy = a.array(), w = a.array(), dx = a.array();
  const Geometry g = geometry(a);
  faster(Step::input_gradient, g, dy.type(), [&] { convolution(g, dy.type()).backward_data(dy, w, dx); },
         [&] { input_gradient_by_patches(g, dy, w, dx); });
}
// conv2dFilterGradient(x, dy, dw, geometry...)
void conv2d_filter_gradient(Arguments& a) {
  const Array x = a.array(), dy = a.array(), dw = a.array();
  const Geometry g = geometry(a);
  faster(Step::weight_gradient, g, x.type(), [&] { convolution(g, x.type()).backward_weights(x, dy, dw); },
         [&] { weight_gradient_by_patches(g, x, dy, dw); });
}
// depthwiseConv2d(x, weights, y, geometry...): as many channels out as in
void depthwise_conv2d(Arguments& a) {
  const Array x = a.array(), w = a.array(), y = a.array();
  const Geometry g = geometry(a);
  if (x.half) depthwise(g, x.bf16(), w.f32(), y.bf16());
  else depthwise(g, x.f32(), w.f32(), y.f32());
}
// depthwiseInputGradient(dy, weights, dx, geometry...)
void depthwise_input_gradient(Arguments& a) {
  const Array dy = a.array(), w = a.array(), dx = a.array();
  const Geometry g = geometry(a);
  if (dy.half) depthwise_input_gradient(g, dy.bf16(), w.f32(), dx.bf16());
  else depthwise_input_gradient(g, dy.f32(), w.f32(), dx.f32());
}
// depthwiseFilterGradient(x, dy, dw, geometry...)
void depthwise_filter_gradient(Arguments& a) {
  const Array x = a.array(), dy = a.array(), dw = a.array();
  const Geometry g = geometry(a);
  if (x.half) depthwise_filter_gradient(g, x.bf16(), dy.bf16(), dw.f32());
  else depthwise_filter_gradient(g, x.f32(), dy.f32(), dw.f32());
}
// addAndClip(y, bias | undefined, added | undefined, rows, channels, low, high): in place
void add_and_clip(Arguments& a) {
  const Array y = a.array();
  const Array bias = a.absent() ? Array{} : a.array();
  const Array added = a.absent() ? Array{} : a.array();
  const int64_t rows = a.integer(), channels = a.integer();
  const float low = float(a.number()), high = float(a.number());
  if (y.half) add_and_clip(y.bf16(), bias.f32(), added.bf16(), rows, channels, low, high);
  else add_and_clip(y.f32(), bias.f32(), added.f32(), rows, channels, low, high);
}
// clipGradient(dy, y, through | undefined, dbias, rows, channels, low, high)
void clip_gradient(Arguments& a) {
  const Array dy = a.array(), y = a.array();
  const Array through = a.absent() ? Array{} : a.array();
  const Array dbias = a.array();
  const int64_t rows = a.integer(), channels = a.integer();
  const float low = float(a.number()), high = float(a.number());
  if (dy.half) clip_gradient(dy.bf16(), y.bf16(), through.bf16(), dbias.f32(), rows, channels, low, high);
  else clip_gradient(dy.f32(), y.f32(), through.f32(), dbias.f32(), rows, channels, low, high);
}
// matMul(a, b, c, m, n, k, transposeA, transposeB): all float32
void mat_mul(Arguments& a) {
  const Array x = a.array(), y = a.array(), z = a.array();
  Product p{a.integer(), a.integer(), a.integer(), a.flag(), a.flag(), Type::f32, Type::f32};
  multiply(p, x.data, y.data, z.data);
}
// batchNorm(x, residual | undefined, gamma, beta, y, mean, variance, rows, channels, epsilon, relu)
void batch_norm(Arguments& a) {
  const Array x = a.array();
  const Array residual = a.absent() ? Array{} : a.array();
  const Array gamma = a.array(), beta = a.array(), y = a.array(), mean = a.array(), variance = a.array();
  const int64_t rows = a.integer(), channels = a.integer();
  const float epsilon = float(a.number());
  const bool relu = a.flag();
  if (x.half) norm_forward(x.bf16(), residual.bf16(), gamma.f32(), beta.f32(), y.bf16(), mean.f32(), variance.f32(), rows, channels, epsilon, relu);
  else norm_forward(x.f32(), residual.f32(), gamma.f32(), beta.f32(), y.f32(), mean.f32(), variance.f32(), rows, channels, epsilon, relu);
}
// batchNormGradient(dy, x, y, gamma, mean, variance, dx, residual | undefined, dgamma, dbeta, rows, channels, epsilon, relu)
void batch_norm_gradient(Arguments& a) {
  const Array dy = a.array(), x = a.array(), y = a.array(), gamma = a.array(), mean = a.array(), variance = a.array(), dx = a.array();
  const Array residual = a.absent() ? Array{} : a.array();
  const Array dgamma = a.array(), dbeta = a.array();
  const int64_t rows = a.integer(), channels = a.integer();
  const float epsilon = float(a.number());
  const bool relu = a.flag();
  if (x.half) norm_backward(dy.bf16(), x.bf16(), y.bf16(), gamma.f32(), mean.f32(), variance.f32(), dx.bf16(), residual.bf16(), dgamma.f32(), dbeta.f32(), rows, channels, epsilon, relu);
  else norm_backward(dy.f32(), x.f32(), y.f32(), gamma.f32(), mean.f32(), variance.f32(), dx.f32(), residual.f32(), dgamma.f32(), dbeta.f32(), rows, channels, epsilon, relu);
}
// maxPool(x, y, geometry...)
void max_pool_forward(Arguments& a) {
  const Array x = a.array(), y = a.array();
  const Geometry g = geometry(a);
  if (x.half) max_pool<uint16_t>(g, x.bf16(), y.bf16(), nullptr, nullptr);
  else max_pool<float>(g, x.f32(), y.f32(), nullptr, nullptr);
}
// maxPoolGradient(x, dy, dx, geometry...)
void max_pool_gradient(Arguments& a) {
  const Array x = a.array(), dy = a.array(), dx = a.array();
  const Geometry g = geometry(a);
  if (x.half) max_pool<uint16_t>(g, x.bf16(), nullptr, dy.bf16(), dx.bf16());
  else max_pool<float>(g, x.f32(), nullptr, dy.f32(), dx.f32());
}
// spatialMean(x, y, batch, positions, channels)
void mean_forward(Arguments& a) {
  const Array x = a.array(), y = a.array();
  const int64_t batch = a.integer(), positions = a.integer(), channels = a.integer();
  if (x.half) spatial_mean(x.bf16(), y.f32(), batch, positions, channels);
  else spatial_mean(x.f32(), y.f32(), batch, positions, channels);
}
// spatialMeanGradient(dy, dx, batch, positions, channels)
void mean_gradient(Arguments& a) {
  const Array dy = a.array(), dx = a.array();
  const int64_t batch = a.integer(), positions = a.integer(), channels = a.integer();
  if (dx.half) spatial_mean_gradient(dy.f32(), dx.bf16(), batch, positions, channels);
  else spatial_mean_gradient(dy.f32(), dx.f32(), batch, positions, channels);
}
// relu(x, y)
void relu(Arguments& a) {
  const Array x = a.array(), y = a.array();
  const int64_t size = int64_t(y.length);
  if (y.half) {
#pragma omp parallel for simd schedule(static)
    for (int64_t i = 0; i < size; i++) y.bf16()[i] = x.bf16()[i] & 0x8000 ? 0 : x.bf16()[i];
  } else {
#pragma omp parallel for simd schedule(static)
    for (int64_t i = 0; i < size; i++) { const float v = x.f32()[i]; y.f32()[i] = v > 0 ? v : 0; }
  }
}
// add(a, b, sum)
void add(Arguments& a) {
  const Array x = a.array(), y = a.array(), z = a.array();
  const int64_t size = int64_t(z.length);
  if (z.half) {
    const uint16_t *p = x.bf16(), *q = y.bf16();
    uint16_t* r = z.bf16();
#pragma omp parallel for simd schedule(static)
    for (int64_t i = 0; i < size; i++) r[i] = narrow(widen(p[i]) + widen(q[i]));
  } else {
    const float *p = x.f32(), *q = y.f32();
    float* r = z.f32();
#pragma omp parallel for simd schedule(static)
    for (int64_t i = 0; i < size; i++) r[i] = p[i] + q[i];
  }
}
// convert(from, to): between float32 and bfloat16
void convert(Arguments& a) {
  const Array x = a.array(), y = a.array();
  const int64_t size = int64_t(y.length);
  if (y.half) {
#pragma omp parallel for simd schedule(static)
    for (int64_t i = 0; i < size; i++) y.bf16()[i] = narrow(x.f32()[i]);
  } else {
#pragma omp parallel for simd schedule(static)
    for (int64_t i = 0; i < size; i++) y.f32()[i] = widen(x.bf16()[i]);
  }
}
// unitRows(x, y, lengths, rows, columns): y = x / max(length, 1e-12)
void unit_rows(Arguments& a) {
  const Array x = a.array(), y = a.array(), lengths = a.array();
  const int64_t rows = a.integer(), columns = a.integer();
#pragma omp parallel for schedule(static)
  for (int64_t r = 0; r < rows; r++) {
    const float* p = x.f32() + r * columns;
    float squares = 0;
    for (int64_t c = 0; c < columns; c++) squares += p[c] * p[c];
    const float length = std::max(std::sqrt(squares), 1e-12f);
    lengths.f32()[r] = length;
    for (int64_t c = 0; c < columns; c++) y.f32()[r * columns + c] = p[c] / length;
  }
}
// unitRowsGradient(dy, y, lengths, dx, rows, columns): dx = (dy - y (y . dy)) / length
void unit_rows_gradient(Arguments& a) {
  const Array dy = a.array(), y = a.array(), lengths = a.array(), dx = a.array();
  const int64_t rows = a.integer(), columns = a.integer();
#pragma omp parallel for schedule(static)
  for (int64_t r = 0; r < rows; r++) {
    const float *d = dy.f32() + r * columns, *u = y.f32() + r * columns;
    float along = 0;
    for (int64_t c = 0; c < columns; c++) along += d[c] * u[c];
    const float inverse = 1 / lengths.f32()[r];
    for (int64_t c = 0; c < columns; c++) dx.f32()[r * columns + c] = (d[c] - u[c] * along) * inverse;
  }
}
// marginSoftmax(cosines, labels, losses, gradient, rows, classes, scale, margin): the rows' cross-entropies and their
// gradients in the cosines; a negative label's row is zero. Formulas: loss/arcface.ts.
void margin_softmax(Arguments& a) {
  const Array cosines = a.array(), labels = a.array(), losses = a.array(), gradient = a.array();
  const int64_t rows = a.integer(), classes = a.integer();
  const float scale = float(a.number()), margin = float(a.number());
  const float limit = 1 - 1e-6f, cos_m = std::cos(margin), sin_m = std::sin(margin), turn = std::cos(float(M_PI) - margin);
#pragma omp parallel for schedule(static)
  for (int64_t r = 0; r < rows; r++) {
    const float* c = cosines.f32() + r * classes;
    float* g = gradient.f32() + r * classes;
    const int64_t label = int64_t(labels.f32()[r]);
    losses.f32()[r] = 0;
    if (label < 0) {
      std::memset(g, 0, sizeof(float) * classes);
      continue;
    }
    const float target = std::min(limit, std::max(-limit, c[label]));
    const float sine = std::sqrt(1 - target * target);
    const bool within = target > turn;
    const float penalised = within ? target * cos_m - sine * sin_m : target - sin_m * margin;
    const float slope = (within ? cos_m + sin_m * target / sine : 1.f) * (std::abs(c[label]) < limit ? 1.f : 0.f);
    float highest = scale * penalised;
    for (int64_t i = 0; i < classes; i++) if (i != label) highest = std::max(highest, scale * c[i]);
    double sum = 0;
    for (int64_t i = 0; i < classes; i++) {
      g[i] = std::exp(scale * (i == label ? penalised : c[i]) - highest);
      sum += g[i];
    }
    losses.f32()[r] = float(std::log(sum)) + highest - scale * penalised;
    const float factor = float(scale / sum);
    for (int64_t i = 0; i < classes; i++) g[i] *= factor;
    g[label] = (g[label] - scale) * slope;
  }
}
// squareSum(values, sum): sum[0] = the sum of squares
void square_sum(Arguments& a) {
  const Array x = a.array(), y = a.array();
  const float* p = x.f32();
  double sum = 0;
#pragma omp parallel for simd schedule(static) reduction(+ : sum)
  for (int64_t i = 0; i < int64_t(x.length); i++) sum += double(p[i]) * p[i];
  y.f32()[0] = float(sum);
}
// adam(weights, gradient, first, second, rate, beta1, beta2, correction1, correction2, epsilon, decay, gain)
// AdamW (Loshchilov and Hutter 2019); correction = 1 - beta^t; gain multiplies the gradient.
void adam(Arguments& a) {
  const Array w = a.array(), g = a.array(), m = a.array(), v = a.array();
  const float rate = float(a.number()), b1 = float(a.number()), b2 = float(a.number()), c1 = float(a.number()), c2 = float(a.number()),
              epsilon = float(a.number()), decay = float(a.number()), gain = float(a.number());
  float *pw = w.f32(), *pg = g.f32(), *pm = m.f32(), *pv = v.f32();
#pragma omp parallel for simd schedule(static)
  for (int64_t i = 0; i < int64_t(w.length); i++) {
    const float d = gain * pg[i];
    pm[i] = b1 * pm[i] + (1 - b1) * d;
    pv[i] = b2 * pv[i] + (1 - b2) * d * d;
    pw[i] -= rate * (pm[i] / c1 / (std::sqrt(pv[i] / c2) + epsilon) + decay * pw[i]);
  }
}
// momentum(weights, gradient, velocity, rate, momentum, decay, nesterov, gain): SGD as in torch.optim.SGD
void momentum(Arguments& a) {
  const Array w = a.array(), g = a.array(), v = a.array();
  const float rate = float(a.number()), mu = float(a.number()), decay = float(a.number()), nesterov = a.flag() ? 1.f : 0.f,
              gain = float(a.number());
  float *pw = w.f32(), *pg = g.f32(), *pv = v.f32();
#pragma omp parallel for simd schedule(static)
  for (int64_t i = 0; i < int64_t(w.length); i++) {
    const float d = gain * pg[i] + decay * pw[i];
    pv[i] = mu * pv[i] + d;
    pw[i] -= rate * (nesterov * (d + mu * pv[i]) + (1 - nesterov) * pv[i]);
  }
}
// average(mean, value, keep): mean = keep * mean + (1 - keep) * value
void average(Arguments& a) {
  const Array mean = a.array(), value = a.array();
  const float keep = float(a.number());
  float *p = mean.f32(), *q = value.f32();
#pragma omp parallel for simd schedule(static)
  for (int64_t i = 0; i < int64_t(mean.length); i++) p[i] = keep * p[i] + (1 - keep) * q[i];
}

// choosePath(path): 0 measured (the default), 1 always oneDNN's convolution, 2 always patches; for tests
void choose_path(Arguments& a) { path = Path(a.integer()); }

napi_value describe(napi_env env, napi_callback_info) {
  const dnnl_version_t* v = dnnl_version();
  const int isa = int(get_effective_cpu_isa());
  const bool amx = (isa & int(cpu_isa::avx512_core_amx)) == int(cpu_isa::avx512_core_amx);
  const bool bf16 = (isa & int(cpu_isa::avx512_core_bf16)) == int(cpu_isa::avx512_core_bf16);
  const std::string text = "{\"version\":\"" + std::to_string(v->major) + "." + std::to_string(v->minor) + "." + std::to_string(v->patch) +
                           "\",\"amx\":" + (amx ? "true" : "false") + ",\"bf16\":" + (bf16 ? "true" : "false") +
                           ",\"threads\":" + std::to_string(omp_get_max_threads()) + ",\"source\":\"" ROUNZ_SOURCE "\"}";
  napi_value result;
  napi_create_string_utf8(env, text.c_str(), text.size(), &result);
  return result;
}

napi_value initialise(napi_env env, napi_value exports) {
  const auto define = [&](const char* name, napi_callback callback) {
    napi_value function;
    napi_create_function(env, name, NAPI_AUTO_LENGTH, callback, nullptr, &function);
    napi_set_named_property(env, exports, name, function);
  };
  define("describe", describe);
  define("choosePath", guarded<choose_path>);
  define("conv2d", guarded<conv2d>);
  define("conv2dInputGradient", guarded<conv2d_input_gradient>);
  define("conv2dFilterGradient", guarded<conv2d_filter_gradient>);
  define("depthwiseConv2d", guarded<depthwise_conv2d>);
  define("depthwiseInputGradient", guarded<depthwise_input_gradient>);
  define("depthwiseFilterGradient", guarded<depthwise_filter_gradient>);
  define("addAndClip", guarded<add_and_clip>);
  define("clipGradient", guarded<clip_gradient>);
  define("matMul", guarded<mat_mul>);
  define("batchNorm", guarded<batch_norm>);
  define("batchNormGradient", guarded<batch_norm_gradient>);
  define("maxPool", guarded<max_pool_forward>);
  define("maxPoolGradient", guarded<max_pool_gradient>);
  define("spatialMean", guarded<mean_forward>);
  define("spatialMeanGradient", guarded<mean_gradient>);
  define("relu", guarded<relu>);
  define("add", guarded<add>);
  define("convert", guarded<convert>);
  define("unitRows", guarded<unit_rows>);
  define("unitRowsGradient", guarded<unit_rows_gradient>);
  define("marginSoftmax", guarded<margin_softmax>);
  define("squareSum", guarded<square_sum>);
  define("adam", guarded<adam>);
  define("momentum", guarded<momentum>);
  define("average", guarded<average>);
  return exports;
}

}  // namespace

NAPI_MODULE(rounz_native, initialise)
