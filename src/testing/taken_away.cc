#include "testing/taken_away.h"

#include "testing/fields.h"

namespace whywait::testing {
namespace {

template <class T>
void take_away(std::optional<T>& fact, Missing /*why*/) {
  fact.reset();
}
template <class T>
void take_away(Answer<T>& fact, Missing why) {
  fact = tl::unexpected(why);
}

}  // namespace

std::map<std::string, size_t> kinds_known(const Facts& facts) {
  std::map<std::string, size_t> out;
  each_field(facts, [&](const std::string& path, const auto& value) {
    if constexpr (kMayBeMissing<std::remove_cvref_t<decltype(value)>>) {
      if (value) ++out[path];
    }
  });
  return out;
}

Facts without(Facts facts, const std::string& kind, Missing why, std::optional<size_t> number) {
  size_t seen = 0;
  each_field(facts, [&](const std::string& path, auto& value) {
    if constexpr (kMayBeMissing<std::remove_reference_t<decltype(value)>>) {
      if (value && path == kind && (seen++ == number || !number)) take_away(value, why);
    }
  });
  return facts;
}

}  // namespace whywait::testing
