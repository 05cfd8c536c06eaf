// Any bytes as a saved file, and as the lines of one whose checksum matches. What is read can be judged,
// redacted, and written and read again.
#include "sources/saved/saved.h"

#include "diagnose/diagnose.h"
#include "sources/saved/frame.h"
#include "targets.h"
#include "testing/reading.h"

#include <string>
#include <string_view>

namespace whywait::fuzz {
namespace {

tl::expected<Facts, std::string> read(std::string_view file) { return saved::read(testing::reading(file)); }

// Collects the bytes of a file.
saved::Sink into(std::string& file) {
  return [&file](std::string_view part) {
    file += part;
    return true;
  };
}

std::string packed(std::string_view text) {
  std::string out;
  const auto sink = into(out);
  saved::Packer packer(sink);
  packer.put(text);
  packer.finish();
  return out;
}

void use(std::string_view file) {
  const auto facts = read(file);
  if (!facts) return;
  judge(*facts);
  judge(saved::redact(*facts, {}));
  std::string again;
  saved::write(*facts, "0", into(again));
  expect(read(again).has_value(), "what was written is read");
}

}  // namespace

void saved(std::string_view bytes) {
  use(bytes);
  use(packed(bytes));
}

}  // namespace whywait::fuzz
