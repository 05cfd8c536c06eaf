// One line of JSON, taken apart.
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
    Other,  // a number with a fraction, or of more than 64 bits
  };

  Type type = Type::Null;
  bool truth = false;
  uint32_t size = 1;      // itself and all values in it
  uint64_t number = 0;    // Negative: the same bits
  std::string_view text;  // its bytes, without escapes
};

// A value and all that is in it, in the order of the text: of an object, each name before its value. Empty:
// no value at all.
using Tree = std::span<const Value>;

inline bool is(Tree tree, Value::Type type) { return !tree.empty() && tree.front().type == type; }

class Line {
 public:
  // False where it is not one value of JSON, in UTF-8. What the call before gave is gone.
  bool parse(std::string_view json);
  Tree tree() const { return values_; }

 private:
  std::vector<Value> values_;
  std::string texts_;
};

// The parts of a list or an object by name, which is quick where they are asked for in their order.
class Fields {
 public:
  // Of a list, the names of its parts; without any, they are in order.
  explicit Fields(Tree whole, std::span<const std::string> names = {});

  // Empty where there is none, or none but null.
  Tree find(std::string_view name);

 private:
  struct Place {
    size_t at = 1;  // in whole_
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
