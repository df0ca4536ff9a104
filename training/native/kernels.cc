// Training kernels over oneDNN 3 (https://github.com/uxlfoundation/oneDNN), as a Node-API addon.
// Tensors are NHWC; activations are float32 (Float32Array) or bfloat16 (Uint16Array), weights and statistics float32.
// Every array is given by the caller with its exact size; TypeScript checks shapes before it calls.
#include "batch-norm.h"
#include "clip.h"
#include "convolution.h"
#include "depthwise.h"
#include "pooling.h"
#include "values.h"

namespace {

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
// slopes(x, slope, y, rows, channels)
void slopes(Arguments& a) {
  const Array x = a.array(), slope = a.array(), y = a.array();
  const int64_t rows = a.integer(), channels = a.integer();
  if (x.half) slopes(x.bf16(), slope.f32(), y.bf16(), rows, channels);
  else slopes(x.f32(), slope.f32(), y.f32(), rows, channels);
}
// slopesGradient(dy, x, slope, dx, dslope, rows, channels)
void slopes_gradient(Arguments& a) {
  const Array dy = a.array(), x = a.array(), slope = a.array(), dx = a.array(), dslope = a.array();
  const int64_t rows = a.integer(), channels = a.integer();
  if (x.half) slopes_gradient(dy.bf16(), x.bf16(), slope.f32(), dx.bf16(), dslope.f32(), rows, channels);
  else slopes_gradient(dy.f32(), x.f32(), slope.f32(), dx.f32(), dslope.f32(), rows, channels);
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
  const bool takes_bf16 = (isa & int(cpu_isa::avx512_core)) == int(cpu_isa::avx512_core);
  const std::string text = "{\"version\":\"" + std::to_string(v->major) + "." + std::to_string(v->minor) + "." + std::to_string(v->patch) +
                           "\",\"amx\":" + (amx ? "true" : "false") + ",\"bf16\":" + (bf16 ? "true" : "false") +
                           ",\"takesBf16\":" + (takes_bf16 ? "true" : "false") +
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
  define("slopes", guarded<slopes>);
  define("slopesGradient", guarded<slopes_gradient>);
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
