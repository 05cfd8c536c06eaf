#include "sources/saved/frame.h"

#include <new>
#include <utility>

#include <zstd.h>
#include <zstd_errors.h>

namespace whywait::saved {
namespace {

constexpr size_t kRoom = 128UL * 1024;  // of one block
constexpr size_t kHeaderSize = 18;      // at most
constexpr int kLevel = 3;               // zstd's own; higher ones take several times as long for a tenth less

// The most memory that a frame may demand of the reader. Level 3 needs 2 MiB, and no level below --ultra more
// than this.
constexpr int kLargestWindow = 23;  // 8 MiB

// Rows of a socket table compress to a tenth or a twentieth. A file that expands more than this is not a
// socket table, and a small file must not fill the memory.
constexpr uint64_t kMostPerByte = 200;
constexpr uint64_t kAlways = 4UL << 20U;

}  // namespace

void Packer::Free::operator()(ZSTD_CCtx_s* context) const { ZSTD_freeCCtx(context); }

Packer::Packer(const Sink& sink) : sink_(sink), context_(ZSTD_createCCtx()), out_(kRoom) {
  if (!context_) throw std::bad_alloc();
  ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_compressionLevel, kLevel);
  ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_checksumFlag, 1);
}

void Packer::put(std::string_view text) {
  waiting_ += text;
  if (waiting_.size() < kRoom) return;
  compress(waiting_, false);
  waiting_.clear();
}

bool Packer::finish() {
  compress(std::exchange(waiting_, {}), true);
  return !refused_;
}

void Packer::compress(std::string_view text, bool is_last) {
  ZSTD_inBuffer in{.src = text.data(), .size = text.size(), .pos = 0};
  while (!refused_) {
    ZSTD_outBuffer out{.dst = out_.data(), .size = out_.size(), .pos = 0};
    const auto left = ZSTD_compressStream2(context_.get(), &out, &in, is_last ? ZSTD_e_end : ZSTD_e_continue);
    if (ZSTD_isError(left) != 0) throw std::bad_alloc();  // nothing else can go wrong with it
    if (out.pos > 0) refused_ = !sink_({out_.data(), out.pos});
    if (is_last ? left == 0 : in.pos == in.size) return;
  }
}

void Unpacker::Free::operator()(ZSTD_DCtx_s* context) const { ZSTD_freeDCtx(context); }

Unpacker::Unpacker(const ByteSource& source)
    : source_(source), context_(ZSTD_createDCtx()), in_(kRoom), out_(kRoom) {
  if (!context_) throw std::bad_alloc();
  ZSTD_DCtx_setParameter(context_.get(), ZSTD_d_windowLogMax, kLargestWindow);
}

bool Unpacker::fail(Fault fault) {
  fault_ = fault;
  is_over_ = true;
  return false;
}

bool Unpacker::refill() {
  left_ = {in_.data(), source_(in_)};
  packed_ += left_.size();
  return !left_.empty();
}

// The header alone, before anything is unpacked. It has at most 18 bytes, which a source may give one by one.
bool Unpacker::begin() {
  has_begun_ = true;
  size_t size = 0;
  while (size < kRoom) {
    const auto n = source_(std::span(in_).subspan(size));
    size += n;
    if (n == 0 || size >= kHeaderSize) break;
  }
  left_ = {in_.data(), size};
  packed_ = size;
  if (left_.empty()) return fail(Fault::Empty);
  if (!is_saved(left_)) return fail(Fault::Foreign);
  constexpr unsigned kChecksumFlag = 4;  // of the frame header's descriptor, the byte after the magic
  if (left_.size() <= 4) return fail(Fault::CutShort);
  if ((static_cast<unsigned char>(left_[4]) & kChecksumFlag) == 0) return fail(Fault::NoChecksum);
  return true;
}

bool Unpacker::end() {
  is_over_ = true;
  if (!left_.empty() || refill()) return fail(Fault::Trailing);
  return false;
}

bool Unpacker::more(std::string& text) {
  if (is_over_ || (!has_begun_ && !begin())) return false;
  for (;;) {
    ZSTD_inBuffer in{.src = left_.data(), .size = left_.size(), .pos = 0};
    ZSTD_outBuffer out{.dst = out_.data(), .size = out_.size(), .pos = 0};
    const auto expected = ZSTD_decompressStream(context_.get(), &out, &in);
    if (ZSTD_isError(expected) != 0) {
      const bool window = ZSTD_getErrorCode(expected) == ZSTD_error_frameParameter_windowTooLarge;
      return fail(window ? Fault::TooMuch : Fault::Damaged);
    }
    left_.remove_prefix(in.pos);
    text.append(out_.data(), out.pos);
    unpacked_ += out.pos;
    if (unpacked_ > kAlways + kMostPerByte * packed_) return fail(Fault::TooMuch);
    if (expected == 0) {
      end();
      return out.pos > 0;
    }
    if (out.pos > 0) return true;
    if (left_.empty() && !refill()) return fail(Fault::CutShort);
  }
}

}  // namespace whywait::saved
