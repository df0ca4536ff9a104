// A convolution's bias, addition and activation.
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

}  // namespace
