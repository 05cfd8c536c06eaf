// Writes and reads the single zstd frame (RFC 8878) of a saved file, with its checksum.
#pragma once

#include "sources/saved/saved.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct ZSTD_CCtx_s;
struct ZSTD_DCtx_s;

namespace whywait::saved {

class Packer {
 public:
  explicit Packer(const Sink& sink);

  void put(std::string_view text);
  // Ends the frame. False if the sink refused this part or an earlier one.
  bool finish();
  bool refused() const { return refused_; }

 private:
  void compress(std::string_view text, bool is_last);

  struct Free {
    void operator()(ZSTD_CCtx_s* context) const;
  };

  const Sink& sink_;
  std::unique_ptr<ZSTD_CCtx_s, Free> context_;
  std::string waiting_;  // text that is not compressed yet
  std::vector<char> out_;
  bool refused_ = false;
};

class Unpacker {
 public:
  explicit Unpacker(const ByteSource& source);

  // Appends more of the text. False if there is no more: at the end of the file or after an error.
  bool more(std::string& text);

  // The first error found in the bytes; it does not change afterwards.
  enum class Fault : uint8_t {
    None,
    Empty,
    Foreign,  // not a zstd frame
    NoChecksum,
    CutShort,
    Damaged,   // the checksum does not match, or the data cannot be decompressed
    TooMuch,   // more text, or a larger window, than a file of this size can have honestly
    Trailing,  // bytes after the end of the frame
  };
  Fault fault() const { return fault_; }

 private:
  bool refill();
  bool begin();
  bool fail(Fault fault);
  bool end();

  struct Free {
    void operator()(ZSTD_DCtx_s* context) const;
  };

  const ByteSource& source_;
  std::unique_ptr<ZSTD_DCtx_s, Free> context_;
  std::vector<char> in_;
  std::vector<char> out_;
  std::string_view left_;  // the unread part of in_
  uint64_t packed_ = 0;    // bytes that the source has delivered
  uint64_t unpacked_ = 0;
  bool has_begun_ = false;
  bool is_over_ = false;
  Fault fault_ = Fault::None;
};

}  // namespace whywait::saved
