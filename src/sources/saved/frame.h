// The one zstd frame that a saved file is (RFC 8878), with the checksum of what is in it.
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
  // Ends the frame. False where the sink refused this or an earlier part.
  bool finish();
  bool refused() const { return refused_; }

 private:
  void compress(std::string_view text, bool is_last);

  struct Free {
    void operator()(ZSTD_CCtx_s* context) const;
  };

  const Sink& sink_;
  std::unique_ptr<ZSTD_CCtx_s, Free> context_;
  std::string waiting_;  // text, until there is enough of it
  std::vector<char> out_;
  bool refused_ = false;
};

class Unpacker {
 public:
  explicit Unpacker(const Source& source);

  // Appends some more of the text. False where there is none: at the end of the file, or at an error.
  bool more(std::string& text);

  // What is wrong with the bytes so far; it does not change any more.
  enum class Fault : uint8_t {
    None,
    Empty,
    Foreign,  // no zstd frame
    NoChecksum,
    CutShort,
    Damaged,   // the checksum does not match, or what has one cannot be unpacked
    TooMuch,   // more text than an honest file of so many bytes has, or than a window that large needs
    Trailing,  // bytes after the end
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

  const Source& source_;
  std::unique_ptr<ZSTD_DCtx_s, Free> context_;
  std::vector<char> in_;
  std::vector<char> out_;
  std::string_view left_;  // of in_
  uint64_t packed_ = 0;    // bytes that the source has given
  uint64_t unpacked_ = 0;
  bool has_begun_ = false;
  bool is_over_ = false;
  Fault fault_ = Fault::None;
};

}  // namespace whywait::saved
