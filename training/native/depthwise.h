// Depthwise convolution and its gradients.
#pragma once

#include "convolution.h"

namespace {

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

}  // namespace
