// Converts JSON to values. decode() returns false if the JSON does not fit the type; the value then means
// nothing.
#pragma once

#include "sources/saved/describe.h"
#include "sources/saved/line.h"
#include "sources/saved/text.h"
#include "sources/saved/words.h"

#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace whywait::saved {

inline bool decode(Tree tree, bool& value) {
  value = tree.front().truth;
  return is(tree, Value::Type::Bool);
}

template <std::integral T>
bool decode(Tree tree, T& value) {
  const auto number = tree.front().number;
  if (is(tree, Value::Type::Negative)) {
    const auto negative = static_cast<int64_t>(number);
    value = static_cast<T>(negative);
    return std::is_signed_v<T> && static_cast<int64_t>(value) == negative;
  }
  value = static_cast<T>(number);
  return is(tree, Value::Type::Unsigned) && std::in_range<T>(number);
}

template <class T>
requires std::is_enum_v<T>
bool decode(Tree tree, T& value) {
  if constexpr (Worded<T>) {
    const auto found = is(tree, Value::Type::Text) ? parse_word<T>(tree.front().text) : std::nullopt;
    value = found.value_or(T{});
    return found.has_value();
  } else {
    std::underlying_type_t<T> number{};
    const bool is_number = decode(tree, number);
    value = static_cast<T>(number);
    return is_number;
  }
}

// Accepts at most durations that can be added without overflow: three thousand years, or eleven days of CPU
// time.
template <class Period>
bool decode(Tree tree, std::chrono::duration<int64_t, Period>& value) {
  constexpr int64_t kLongest =
      std::is_same_v<Period, std::nano> ? 1'000'000'000'000'000 : 100'000'000'000'000;
  int64_t count = 0;
  if (!decode(tree, count) || count < -kLongest || count > kLongest) return false;
  value = std::chrono::duration<int64_t, Period>(count);
  return true;
}

inline bool decode(Tree tree, Time& value) {
  const auto time = is(tree, Value::Type::Text) ? parse_time(tree.front().text) : std::nullopt;
  value = time.value_or(Time());
  return time.has_value();
}

inline bool decode(Tree tree, std::string& value) {
  value = tree.front().text;
  if (is(tree, Value::Type::Text)) return true;
  const auto digits = is(tree, Value::Type::Object) ? Fields(tree).find("hex") : Tree();
  auto bytes = is(digits, Value::Type::Text) ? parse_hex(digits.front().text) : std::nullopt;
  if (!bytes) return false;
  value = std::move(*bytes);
  return true;
}

inline bool decode(Tree tree, Endpoint& value) {
  const auto end = is(tree, Value::Type::Text) ? parse_endpoint(tree.front().text) : std::nullopt;
  value = end.value_or(Endpoint());
  return end.has_value();
}

template <class T>
bool decode(Tree tree, Answer<T>& value);
template <class T>
requires std::is_class_v<T>
bool decode(Tree tree, T& value);
template <class T>
bool decode(Tree tree, std::optional<T>& value) {
  return decode(tree, value.emplace());
}

template <class T>
inline constexpr bool kMayLack = false;
template <class T>
inline constexpr bool kMayLack<std::optional<T>> = true;
template <class T>
inline constexpr bool kMayLack<Answer<T>> = true;

// Reads the fields of a JSON object into a described struct.
class FieldReader {
 public:
  explicit FieldReader(Fields fields) : fields_(fields) {}

  template <class T>
  void operator()(std::string_view name, T& value) {
    const auto tree = fields_.find(name);
    if (tree.empty() ? !kMayLack<T> : !decode(tree, value)) refuse(name);
  }

  template <class C, class Get, class Set>
  void given(std::string_view name, C& object, Get get, Set set) {
    decltype((object.*get)()) value;
    (*this)(name, value);
    if (!value) return;
    (object.*set)(*value);
    if ((object.*get)() != value) refuse(name);  // the field cannot hold the value
  }

  template <class C, class Get, class Set>
  void flag(std::string_view name, C& object, Get /*get*/, Set set) {
    bool is_set = false;
    (*this)(name, is_set);
    if (is_set) (object.*set)();
  }

  template <class T>
  void told(std::string_view name, std::optional<T>& list) {
    bool is_told = false;
    (*this)(name, is_told);
    if (is_told) list.emplace();
  }

  template <class T>
  void answer(Answer<T>& answer) {
    std::optional<Missing> missing;
    (*this)("missing", missing);
    if (missing) {
      answer = tl::unexpected(*missing);
    } else {
      answer = T{};
      describe(*this, *answer);
    }
  }

  // The name of the first field that is missing or does not fit its type.
  const std::optional<std::string>& refused() const { return refused_; }

 private:
  void refuse(std::string_view name) {
    if (!refused_) refused_ = name;
  }

  Fields fields_;
  std::optional<std::string> refused_;
};

template <class T>
bool decode(Tree tree, Answer<T>& value) {
  const auto why = is(tree, Value::Type::Object) ? Fields(tree).find("missing") : Tree();
  if (why.empty()) {
    value = T{};
    return decode(tree, *value);
  }
  Missing missing{};
  if (!decode(why, missing)) return false;
  value = tl::unexpected(missing);
  return true;
}

template <class T>
requires std::is_class_v<T>
bool decode(Tree tree, T& value) {
  if (!is(tree, Listed<T> ? Value::Type::List : Value::Type::Object)) return false;
  FieldReader reader{Fields(tree)};
  describe(reader, value);
  return !reader.refused();
}

}  // namespace whywait::saved
