// What all kernels share: oneDNN's engine, bfloat16, and arguments from JavaScript.
#pragma once

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

}  // namespace
