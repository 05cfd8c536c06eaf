// Passes every field of facts, as sources/saved/describe.h has them, to `visit(path, value)`, with a path
// such as "thread.system_call.fd". An optional or an Answer is passed first, then its content. If the facts
// are not constant, the visitor may reset an optional or an Answer.
#pragma once

#include "sources/saved/describe.h"

#include <concepts>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

namespace whywait::testing {

template <class T>
inline constexpr bool kMayBeMissing = false;
template <class T>
inline constexpr bool kMayBeMissing<std::optional<T>> = true;
template <class T>
inline constexpr bool kMayBeMissing<Answer<T>> = true;
// The reason why a fact is missing is not a fact.
template <>
inline constexpr bool kMayBeMissing<std::optional<Missing>> = false;

template <class Visit>
class Fields {
 public:
  explicit Fields(Visit& visit) : visit_(visit) {}

  void all_of(auto& facts) {
    saved::describe_header(*this, facts);
    saved::describe_lines(*this, facts);
  }

  // The functions that describe() calls.

  void operator()(std::string_view name, auto& value) {
    const auto length = path_.size();
    if (!path_.empty()) path_ += '.';
    path_ += name;
    shown(value);
    path_.resize(length);
  }

  template <class Of>
  void given(std::string_view name, Of& of, auto get, auto set) {
    auto value = (of.*get)();
    (*this)(name, value);
    if constexpr (!std::is_const_v<Of>) {
      if (value) (static_cast<Of*>(rest_)->*set)(*value);
    }
  }

  template <class Of>
  void flag(std::string_view name, Of& of, auto get, auto set) {
    const bool value = (of.*get)();
    (*this)(name, value);
    if constexpr (!std::is_const_v<Of>) {
      if (value) (static_cast<Of*>(rest_)->*set)();
    }
  }

  void told(std::string_view name, auto& list) { (*this)(name, list); }

  // The functions that describe_lines() calls.

  void rows(std::string_view kind, auto& list) {
    for (auto& item : list) at(kind, item);
  }
  template <class Key, class Value>
  void rows(std::string_view kind, const std::map<Key, Value>& list) {
    for (const auto& item : list) at(kind, item);
  }
  template <class Key, class Value>
  void rows(std::string_view kind, std::optional<std::map<Key, Value>>& list) {
    if (list) rows(kind, *list);
  }
  template <class Key, class Value>
  void rows(std::string_view kind, const std::optional<std::map<Key, Value>>& list) {
    if (list) rows(kind, *list);
  }
  void rows(std::string_view kind, auto& answer, auto member) {
    if (answer) rows(kind, (*answer).*member);
  }
  void rows_of_each(std::string_view kind, auto& answers, auto member) {
    for (auto& [pid, answer] : answers) {
      (*this)("pid", pid);
      rows(kind, answer, member);
    }
  }
  void record(std::string_view kind, auto& answer) { at(kind, answer); }
  void records(std::string_view kind, auto& list) {
    for (auto& item : list) at(kind, item);
  }
  template <class Of>
  void looks(std::string_view kind, Of& second, const Facts& facts) {
    SecondLook rest;
    for (uint32_t row = 0; row < facts.table.connections.size(); ++row) {
      auto found = second.of(row);
      at(kind, found);
      if (found || found.error() != Missing::NotAsked) rest.add(row, found);
    }
    if constexpr (!std::is_const_v<Of>) second = std::move(rest);
  }

 private:
  struct Any {};
  template <class T>
  static constexpr bool kIsDescribed = std::is_class_v<T>&& requires(Any& io, T& value) {
    saved::describe(io, value);
  };

  void at(std::string_view kind, auto& item) { (*this)(kind, item); }
  template <class Key, class Value>
  void at(std::string_view kind, std::pair<const Key, Value>& item) {
    (*this)("key", item.first);
    (*this)(kind, item.second);
  }
  template <class Key, class Value>
  void at(std::string_view kind, const std::pair<const Key, Value>& item) {
    (*this)("key", item.first);
    (*this)(kind, item.second);
  }

  template <class T>
  void shown(T& value) {
    visit_(path_, value);
    inside(value);
  }

  template <class T>
  void inside(T& value) {
    using Plain = std::remove_const_t<T>;
    if constexpr (kMayBeMissing<Plain>) {
      if (value) inside(*value);
    } else if constexpr (kIsDescribed<T>) {
      parts(value);
    }
  }

  void parts(auto& value) { saved::describe(*this, value); }
  // A value that was taken away is not put back.
  void parts(Connection& c) {
    auto rest = c;
    for (uint16_t field = 0; field < Connection::kFields; ++field) rest.forget(field);
    put_back(c, rest);
  }
  void parts(SocketDetail& detail) {
    SocketDetail rest;
    rest.row = detail.row;
    put_back(detail, rest);
  }
  template <class T>
  void put_back(T& value, T& rest) {
    rest_ = &rest;
    saved::describe(*this, value);
    value = rest;
  }

  Visit& visit_;
  std::string path_;
  void* rest_ = nullptr;  // the remaining part of the object that is taken apart
};

// Calls `visit(path, value)` for every field of the facts.
void each_field(auto& facts, auto&& visit) {
  Fields<std::remove_reference_t<decltype(visit)>>(visit).all_of(facts);
}

}  // namespace whywait::testing
