#include "sources/saved/line.h"

#include <nlohmann/json.hpp>

namespace whywait::saved {
namespace {

using Json = nlohmann::json;

// Puts down each value as it comes; a list or an object knows its size when it ends.
class Builder {  // NOLINT(readability-convert-member-functions-to-static): the parser wants it so
 public:
  Builder(std::vector<Value>& values, std::string& texts) : values_(values), texts_(texts) {}

  bool null() { return add({}); }
  bool boolean(bool truth) { return add({.type = Value::Type::Bool, .truth = truth}); }
  bool number_integer(int64_t number) {
    return add({.type = Value::Type::Negative, .number = static_cast<uint64_t>(number)});
  }
  bool number_unsigned(uint64_t number) { return add({.type = Value::Type::Unsigned, .number = number}); }
  bool number_float(double, const std::string&) { return add({.type = Value::Type::Other}); }
  bool string(const std::string& text) { return add({.type = Value::Type::Text, .text = kept(text)}); }
  bool binary(const Json::binary_t&) { return false; }
  bool key(const std::string& text) { return string(text); }
  bool start_object(size_t) { return open(Value::Type::Object); }
  bool start_array(size_t) { return open(Value::Type::List); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }
  bool parse_error(size_t, const std::string&, const Json::exception&) { return false; }

 private:
  bool add(const Value& value) {
    values_.push_back(value);
    return true;
  }

  bool open(Value::Type type) {
    open_.push_back(values_.size());
    return add({.type = type});
  }

  bool close() {
    const auto begin = open_.back();
    open_.pop_back();
    values_[begin].size = static_cast<uint32_t>(values_.size() - begin);
    return true;
  }

  // There is room for all of the line, and no text is longer than it was there: nothing moves.
  std::string_view kept(const std::string& text) {
    const auto from = texts_.size();
    texts_ += text;
    return std::string_view(texts_).substr(from);
  }

  std::vector<Value>& values_;
  std::string& texts_;
  std::vector<size_t> open_;
};

}  // namespace

bool JsonLine::parse(std::string_view json) {
  values_.clear();
  texts_.clear();
  texts_.reserve(json.size());
  Builder builder(values_, texts_);
  return Json::sax_parse(json.begin(), json.end(), &builder);
}

Fields::Fields(Tree whole, std::span<const std::string> names)
    : whole_(whole), names_(names), is_object_(is(whole, Value::Type::Object)) {}

bool Fields::is_past(const Place& place) const {
  return place.at >= whole_.size() || (!names_.empty() && place.part >= names_.size());
}

std::string_view Fields::name_of(const Place& place) const {
  return is_object_ ? whole_[place.at].text : std::string_view(names_[place.part]);
}

Tree Fields::value_of(const Place& place) const {
  const auto at = is_object_ ? place.at + 1 : place.at;
  return whole_.subspan(at, whole_[at].size);
}

Fields::Place Fields::next_of(const Place& place) const {
  const auto value = value_of(place);
  return {.at = static_cast<size_t>(value.data() - whole_.data()) + value.size(), .part = place.part + 1};
}

Tree Fields::find(std::string_view name) {
  const bool by_name = is_object_ || !names_.empty();
  auto place = here_;
  // From where the last one was to the end, and once more from the beginning.
  for (bool is_again = false;; place = next_of(place)) {
    if (is_past(place)) {
      if (is_again || !by_name) return {};
      is_again = true;
      place = {};
      if (is_past(place)) return {};
    }
    if (by_name && name_of(place) != name) continue;
    const auto value = value_of(place);
    here_ = next_of(place);
    return is(value, Value::Type::Null) ? Tree() : value;
  }
}

}  // namespace whywait::saved
