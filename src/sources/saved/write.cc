#include "sources/saved/describe.h"
#include "sources/saved/frame.h"
#include "sources/saved/schema.h"
#include "sources/saved/text.h"
#include "sources/saved/words.h"

#include <array>
#include <charconv>
#include <iterator>
#include <utility>

#include <fmt/format.h>

namespace whywait::saved {
namespace {

void encode(std::string& out, bool value) { out += value ? "true" : "false"; }

template <std::integral T>
void encode(std::string& out, T value) {
  std::array<char, 24> digits{};
  out.append(digits.data(), std::to_chars(digits.begin(), digits.end(), value).ptr);
}

template <class T>
requires std::is_enum_v<T>
void encode(std::string& out, T value) {
  if constexpr (Worded<T>) {
    out.append("\"").append(word(value)).append("\"");
  } else {
    encode(out, static_cast<std::underlying_type_t<T>>(value));
  }
}

template <class Period>
void encode(std::string& out, std::chrono::duration<int64_t, Period> value) {
  encode(out, value.count());
}

void encode(std::string& out, Time value) { append_bytes(out, time_text(value)); }

void encode(std::string& out, const std::string& value) { append_bytes(out, value); }
void encode(std::string& out, std::string_view value) { append_bytes(out, value); }

void encode(std::string& out, const Endpoint& value) {
  std::array<char, kEndpointRoom> text{};
  out += '"';
  out.append(text.data(), write_text(text.data(), value));
  out += '"';
}

template <class T>
void encode(std::string& out, const std::optional<T>& value);
template <class T>
void encode(std::string& out, const Answer<T>& value);
template <class T>
requires std::is_class_v<T>
void encode(std::string& out, const T& value);

// How the fields of a record follow each other.
enum class Form : uint8_t {
  Object,  // by name; fields that are not given are left out
  List,    // without names; fields that are not given are null
};

class Fields {
 public:
  Fields(std::string& out, Form form) : out_(out), form_(form) { out_ += form == Form::Object ? '{' : '['; }
  Fields(const Fields&) = delete;
  Fields& operator=(const Fields&) = delete;
  ~Fields() { out_ += form_ == Form::Object ? '}' : ']'; }

  template <class T>
  void operator()(std::string_view name, const T& value) {
    begin(name);
    encode(out_, value);
  }

  template <class T>
  void operator()(std::string_view name, const std::optional<T>& value) {
    if (form_ == Form::Object && !value) return;
    begin(name);
    encode(out_, value);
  }

  template <class C, class Get, class Set>
  void given(std::string_view name, const C& object, Get get, Set /*set*/) {
    (*this)(name, (object.*get)());
  }

  template <class C, class Get, class Set>
  void flag(std::string_view name, const C& object, Get get, Set /*set*/) {
    (*this)(name, (object.*get)());
  }

  template <class T>
  void told(std::string_view name, const std::optional<T>& list) {
    (*this)(name, list.has_value());
  }

  // The reason why it is missing, or its fields.
  template <class T>
  void answer(const Answer<T>& answer) {
    (*this)("missing", answer ? std::nullopt : std::optional(answer.error()));
    if (answer) describe(*this, *answer);
  }

 private:
  void begin(std::string_view name) {
    if (!std::exchange(is_first_, false)) out_ += ',';
    if (form_ == Form::Object) out_.append("\"").append(name).append("\":");
  }

  std::string& out_;
  Form form_;
  bool is_first_ = true;
};

template <class T>
void encode(std::string& out, const std::optional<T>& value) {
  if (value) {
    encode(out, *value);
  } else {
    out += "null";
  }
}

template <class T>
void encode(std::string& out, const Answer<T>& value) {
  if (value) {
    encode(out, *value);
  } else {
    Fields(out, Form::Object)("missing", value.error());
  }
}

template <class T>
requires std::is_class_v<T>
void encode(std::string& out, const T& value) {
  Fields fields(out, Listed<T> ? Form::List : Form::Object);
  describe(fields, value);
}

// The names of the described fields.
class Names {
 public:
  template <class T>
  void operator()(std::string_view name, const T& /*value*/) {
    names_.emplace_back(name);
  }
  template <class C, class Get, class Set>
  void given(std::string_view name, const C& /*object*/, Get /*get*/, Set /*set*/) {
    names_.emplace_back(name);
  }
  template <class C, class Get, class Set>
  void flag(std::string_view name, const C& /*object*/, Get /*get*/, Set /*set*/) {
    names_.emplace_back(name);
  }
  template <class T>
  void answer(const Answer<T>& /*answer*/) {
    names_.emplace_back("missing");
    const T parts{};
    describe(*this, parts);
  }

  const std::vector<std::string>& list() const { return names_; }

 private:
  std::vector<std::string> names_;
};

class Writer {
 public:
  explicit Writer(const Sink& sink) : packer_(sink) {}

  bool write(const Facts& facts, std::string_view whywait) {
    {
      Fields fields(line_, Form::Object);
      fields("schema", fmt::format("{}{}", kSchema, kVersion));
      fields("whywait", whywait);
      describe_header(fields, facts);
    }
    end_line();
    describe_lines(*this, facts);
    fmt::format_to(std::back_inserter(line_), R"({{"kind":"{}","lines":{}}})", kEnd, lines_);
    end_line();
    return packer_.finish();
  }

  // The functions that describe_lines() calls.

  template <class List>
  void rows(std::string_view kind, const List& list) {
    bool is_first = true;
    for (const auto& item : list) {
      if (packer_.refused()) return;
      if (std::exchange(is_first, false)) columns(kind, entry_of(item));
      row(kind, entry_of(item));
    }
  }

  template <class Table, class Member>
  void rows(std::string_view kind, const Answer<Table>& table, Member member) {
    if (table) rows(kind, (*table).*member);
  }

  template <class Table, class Member>
  void rows_of_each(std::string_view kind, const std::map<Pid, Answer<Table>>& tables, Member member) {
    bool is_first = true;
    for (const auto& [pid, table] : tables) {
      if (!table) continue;
      for (const auto& item : (*table).*member) {
        if (std::exchange(is_first, false)) columns(kind, Entry{pid, item});
        row(kind, Entry{pid, item});
      }
    }
  }

  template <class T>
  void record(std::string_view kind, const Answer<T>& answer) {
    {
      Fields fields(line_, Form::Object);
      fields("kind", kind);
      fields.answer(answer);
    }
    end_line();
  }

  template <class List>
  void records(std::string_view kind, const List& list) {
    for (const auto& item : list) {
      {
        Fields fields(line_, Form::Object);
        fields("kind", kind);
        const auto& entry = entry_of(item);
        describe(fields, entry);
      }
      end_line();
    }
  }

  void looks(std::string_view kind, const SecondLook& second, const Facts& facts) {
    bool is_first = true;
    for (uint32_t i = 0; i < facts.table.connections.size(); ++i) {
      const auto& found = second.of(i);
      if (!found && found.error() == Missing::NotAsked) continue;
      if (std::exchange(is_first, false)) columns(kind, Entry{i, found});
      row(kind, Entry{i, found});
    }
  }

 private:
  template <class T>
  static const T& entry_of(const T& item) {
    return item;
  }
  template <class Key, class Value>
  static Entry<Key, Value> entry_of(const std::pair<const Key, Value>& item) {
    return {item.first, item.second};
  }
  // An optional list, which is there.
  template <class Key, class Value>
  void rows(std::string_view kind, const std::optional<std::map<Key, Value>>& list) {
    if (list) rows(kind, *list);
  }

  template <class T>
  void columns(std::string_view kind, T item) {
    Names names;
    describe(names, item);
    line_ = fmt::format(R"({{"kind":"{}","of":"{}","names":["{}"]}})", kColumns, kind,
                        fmt::join(names.list(), R"(",")"));
    end_line();
  }

  template <class T>
  void row(std::string_view kind, const T& item) {
    {
      Fields fields(line_, Form::List);
      fields("kind", kind);
      describe(fields, item);
    }
    end_line();
  }

  void end_line() {
    line_ += '\n';
    packer_.put(line_);
    line_.clear();
    ++lines_;
  }

  Packer packer_;
  std::string line_;
  uint64_t lines_ = 0;
};

}  // namespace

bool write(const Facts& facts, std::string_view whywait, const Sink& sink) {
  return Writer(sink).write(facts, whywait);
}

}  // namespace whywait::saved
