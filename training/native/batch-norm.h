// Batch norm in training, with what is added and the activation.
#pragma once

#include "values.h"

namespace {

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

}  // namespace
