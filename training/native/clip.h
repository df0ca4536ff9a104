// A convolution's bias, addition and activation; PReLU.
#pragma once

#include "values.h"

namespace {

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

// y = x where x > 0, else slope * x; y may be x.
template <typename T>
void slopes(const T* x, const float* slope, T* y, int64_t rows, int64_t channels) {
#pragma omp parallel for schedule(static)
  for (int64_t r = 0; r < rows; r++) {
    const T* p = x + r * channels;
    T* q = y + r * channels;
#pragma omp simd
    for (int64_t c = 0; c < channels; c++) {
      const float v = load(p + c);
      store(q + c, v > 0 ? v : slope[c] * v);
    }
  }
}

// dx = dy where x > 0, else slope * dy; dslope = the sums of x * dy where x is not.
template <typename T>
void slopes_gradient(const T* dy, const T* x, const float* slope, T* dx, float* dslope, int64_t rows, int64_t channels) {
  std::vector<double> sum, unused;
  column_sums(rows, channels, sum, unused, [=](int64_t r, float* s, float*) {
    const T* d = dy + r * channels;
    const T* p = x + r * channels;
    T* q = dx + r * channels;
#pragma omp simd
    for (int64_t c = 0; c < channels; c++) {
      const float v = load(p + c), g = load(d + c);
      s[c] += v > 0 ? 0.f : v * g;
      store(q + c, v > 0 ? g : slope[c] * g);
    }
  });
  for (int64_t c = 0; c < channels; c++) dslope[c] = float(sum[c]);
}

}  // namespace
