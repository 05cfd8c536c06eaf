// Parses one line of JSON.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace whywait::saved {

struct Value {
  enum class Type : uint8_t {
    Null,
    Bool,
    Unsigned,
    Negative,
    Text,
    List,
    Object,
    Other,  // a number with a fraction, or one of more than 64 bits
  };

  Type type = Type::Null;
  bool truth = false;
  uint32_t size = 1;      // the number of values: itself and all within it
  uint64_t number = 0;    // Negative: the bits of the int64_t
  std::string_view text;  // unescaped
};

// A value followed by all values within it, in the order of the text; in an object, each name precedes its
// value. Empty if there is no value.
using Tree = std::span<const Value>;

inline bool is(Tree tree, Value::Type type) { return !tree.empty() && tree.front().type == type; }

class JsonLine {
 public:
  // False if the text is not exactly one JSON value in UTF-8. Invalidates the tree of the previous call.
  bool parse(std::string_view json);
  Tree tree() const { return values_; }

 private:
  std::vector<Value> values_;
  std::string texts_;
};

// Finds the parts of a list or an object by name. This is quick if they are requested in their order.
class Fields {
 public:
  // `names` are the names of a list's parts. Without names, the parts of a list are found in order.
  explicit Fields(Tree whole, std::span<const std::string> names = {});

  // Empty if there is no such part, or if it is null.
  Tree find(std::string_view name);

 private:
  struct Place {
    size_t at = 1;  // index in whole_
    size_t part = 0;
  };

  bool is_past(const Place& place) const;
  std::string_view name_of(const Place& place) const;
  Tree value_of(const Place& place) const;
  Place next_of(const Place& place) const;

  Tree whole_;
  std::span<const std::string> names_;
  bool is_object_;
  Place here_;
};

}  // namespace whywait::saved
