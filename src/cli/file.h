// Reads facts from a file: a pasted dump, or a file that `whywait save` wrote.
#pragma once

#include "session/source.h"

#include <string>
#include <vector>

namespace whywait::cli {

struct FileOptions {
  std::string format;         // empty to recognise it by content
  bool show_skipped = false;  // list unrecognised lines on stderr
};

class File final : public session::Source {
 public:
  File(std::string name, FileOptions options) : name_(std::move(name)), options_(std::move(options)) {}

  tl::expected<Facts, std::string> begin() override;  // opens and reads it; "-" is standard input
  void answer(std::span<const Need> needs, Facts& facts) override { offer_no_more(needs, facts); }
  const std::vector<std::string>& notes() const override { return no_notes_; }

 private:
  std::string name_;
  FileOptions options_;
  std::vector<std::string> no_notes_;
};

}  // namespace whywait::cli
