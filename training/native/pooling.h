// Max pooling and the mean over positions.
#pragma once

#include "convolution.h"

namespace {

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

}  // namespace
