#include "core/text.h"
#include "sources/saved/decode.h"
#include "sources/saved/frame.h"
#include "sources/saved/schema.h"

#include <algorithm>
#include <charconv>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

namespace whywait::saved {
namespace {

using Type = Value::Type;

template <class List>
struct ItemOf {
  using Type = typename List::value_type;
};
template <class Key, class Value>
struct ItemOf<std::map<Key, Value>> {
  using Type = Entry<Key, Value>;
};
template <class List>
struct ItemOf<std::optional<List>> : ItemOf<List> {};

template <class List>
bool add(List& list, typename ItemOf<List>::Type&& item) {
  list.push_back(std::move(item));
  return true;
}
template <class Key, class Value>
bool add(std::map<Key, Value>& map, Entry<Key, Value>&& entry) {
  map.insert_or_assign(entry.key, std::move(entry.value));
  return true;
}
template <class List>
bool add(std::optional<List>& list, typename ItemOf<List>::Type&& item) {
  return list && add(*list, std::move(item));
}

// Reads lines into facts. Each function returns what is wrong with the line, or nothing.
class RecordReader {
 public:
  using Wrong = std::optional<std::string>;

  RecordReader() { describe_lines(*this, facts_); }
  RecordReader(const RecordReader&) = delete;
  RecordReader& operator=(const RecordReader&) = delete;

  Wrong take(std::string_view text) {
    if (!line_.parse(text)) return "it is no JSON";
    const auto tree = line_.tree();
    if (lines_ == 0) return count(take_header(tree));
    if (has_end_) return "it comes after the end";
    if (is(tree, Type::List)) return count(take_row(tree));
    Fields fields(tree);
    const auto kind = is(tree, Type::Object) ? fields.find("kind") : Tree();
    if (!is(kind, Type::Text)) return "it has no kind";
    if (kind.front().text == kColumns) return count(take_columns(fields));
    if (kind.front().text == kEnd) return take_end(fields);
    return count(take_record(kind.front().text, fields));
  }

  uint64_t lines() const { return lines_; }
  uint64_t records() const { return records_; }  // without the lines that only tell about others
  bool has_end() const { return has_end_; }
  // A version that this program cannot read; 0: it can.
  uint64_t newer() const { return newer_; }
  bool is_foreign() const { return is_foreign_; }

  // All that was read. Not before has_end().
  Wrong finish(Facts& facts);

  // The functions that describe_lines() calls, each of which registers how to read one kind.

  template <class List>
  void rows(std::string_view kind, List& list) {
    on(kind, [&list](FieldReader& fields) {
      typename ItemOf<List>::Type item{};
      describe(fields, item);
      return fields.refused() || add(list, std::move(item));
    });
  }

  template <class List>
  void records(std::string_view kind, List& list) {
    rows(kind, list);
  }

  template <class Table, class List>
  void rows(std::string_view kind, Answer<Table>& table, List Table::*member) {
    on(kind, [&table, member](FieldReader& fields) {
      typename ItemOf<List>::Type item{};
      describe(fields, item);
      return fields.refused() || (table && add((*table).*member, std::move(item)));
    });
  }

  template <class Table, class Item>
  void rows_of_each(std::string_view kind, std::map<Pid, Answer<Table>>& tables,
                    std::vector<Item> Table::*member) {
    on(kind, [&tables, member](FieldReader& fields) {
      Entry<Pid, Item> entry{};
      describe(fields, entry);
      const auto table = tables.find(entry.key);
      if (fields.refused() || table == tables.end() || !table->second) return fields.refused().has_value();
      return add((*table->second).*member, std::move(entry.value));
    });
  }

  template <class T>
  void record(std::string_view kind, Answer<T>& answer) {
    on(kind, [&answer](FieldReader& fields) {
      fields.answer(answer);
      return true;
    });
  }

  void looks(std::string_view kind, SecondLook& second, const Facts& facts) {
    on(kind, [&second, &facts](FieldReader& fields) {
      Entry<uint32_t, Answer<SecondLookRow>> entry{};
      describe(fields, entry);
      if (fields.refused() || entry.key >= facts.table.connections.size())
        return fields.refused().has_value();
      second.add(entry.key, entry.value);
      return true;
    });
  }

 private:
  // False if the record that it belongs to is missing.
  using Take = std::function<bool(FieldReader&)>;
  struct RecordKind {
    Take take;
    std::vector<std::string> columns;
  };

  void on(std::string_view kind, Take take) { kinds_[std::string(kind)] = {std::move(take), {}}; }

  Wrong count(Wrong wrong) {
    if (!wrong) ++lines_;
    return wrong;
  }

  Wrong take_header(Tree tree) {
    const auto schema = is(tree, Type::Object) ? Fields(tree).find("schema") : Tree();
    is_foreign_ = !is(schema, Type::Text) || !schema.front().text.starts_with(kSchema);
    if (is_foreign_) return "it is no header";
    const auto digits = schema.front().text.substr(kSchema.size());
    uint64_t version = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), version);
    is_foreign_ = error != std::errc() || end != digits.data() + digits.size() || version == 0;
    if (is_foreign_) return "it names no version";
    newer_ = version > kVersion ? version : 0;
    if (newer_ > 0) return "it is of a newer version";
    FieldReader fields{Fields(tree)};
    describe_header(fields, facts_);
    return refused("the header", fields);
  }

  static Wrong refused(std::string_view what, const FieldReader& fields) {
    if (!fields.refused()) return std::nullopt;
    return fmt::format("'{}' of {} is missing or not what it should be", *fields.refused(), what);
  }

  Wrong take_by(const std::string& name, const RecordKind& kind, FieldReader fields) {
    const bool has_place = kind.take(fields);
    if (auto wrong = refused(name, fields)) return wrong;
    return has_place ? std::nullopt : Wrong(fmt::format("what {} belongs to is not there", name));
  }

  Wrong take_record(std::string_view name, const Fields& fields) {
    ++records_;
    const auto kind = kinds_.find(std::string(name));
    if (kind == kinds_.end()) return std::nullopt;
    return take_by(kind->first, kind->second, FieldReader(fields));
  }

  Wrong take_row(Tree tree) {
    Fields unnamed(tree);
    const auto name = unnamed.find("");
    if (!is(name, Type::Text)) return "it has no kind";
    ++records_;
    const auto kind = kinds_.find(std::string(name.front().text));
    if (kind == kinds_.end()) return std::nullopt;
    if (kind->second.columns.empty()) return "its columns have no names";
    return take_by(kind->first, kind->second, FieldReader(Fields(tree, kind->second.columns)));
  }

  Wrong take_columns(Fields& fields) {
    const auto of = fields.find("of");
    const auto names = fields.find("names");
    if (!is(of, Type::Text) || !is(names, Type::List)) return "it names no columns";
    const auto kind = kinds_.find(std::string(of.front().text));
    if (kind == kinds_.end()) return std::nullopt;
    auto& columns = kind->second.columns;
    columns = {"kind"};
    for (Fields list(names);;) {
      const auto name = list.find("");
      if (name.empty()) return std::nullopt;
      if (!is(name, Type::Text)) return "it names no columns";
      columns.emplace_back(name.front().text);
    }
  }

  Wrong take_end(Fields& fields) {
    const auto lines = fields.find("lines");
    if (!is(lines, Type::Unsigned) || lines.front().number != lines_)
      return "it counts other lines than there are";
    has_end_ = true;
    return std::nullopt;
  }

  Facts facts_;
  std::unordered_map<std::string, RecordKind> kinds_;
  JsonLine line_;
  uint64_t lines_ = 0;
  uint64_t records_ = 0;
  uint64_t newer_ = 0;
  bool is_foreign_ = true;  // until there is a header
  bool has_end_ = false;
};

// References to a row that does not exist.
std::optional<std::string> dangling(const Facts& facts) {
  const auto rows = facts.table.connections.size();
  const auto infos = facts.table.infos.size();
  const auto is_there = [&](std::optional<uint32_t> row) { return !row || *row < rows; };
  for (const auto& c : facts.table.connections) {
    if (c.info() && *c.info() >= infos) return "a connection";
  }
  if (!facts.details) return std::nullopt;
  const auto& details = *facts.details;
  for (const auto& d : details.rows) {
    if (!is_there(d.row) || !is_there(d.listener())) return "a detail";
  }
  for (const auto& w : details.waiters) {
    if (!is_there(w.row)) return "a waiter";
  }
  return is_there(details.others.listener()) ? std::nullopt : std::optional("the details of all others");
}

template <class List>
void sort_if_due(List& list) {
  if (!std::is_sorted(list.begin(), list.end())) std::sort(list.begin(), list.end());
}

// Lists that are searched by bisection must be sorted.
void sort(Facts& facts) {
  if (facts.holders) facts.holders->sort();
  if (facts.partners) {
    sort_if_due(facts.partners->pipes);
    sort_if_due(facts.partners->unix_pairs);
    sort_if_due(facts.partners->locks);
  }
  if (!facts.details) return;
  sort_if_due(facts.details->waiters);
  std::stable_sort(facts.details->rows.begin(), facts.details->rows.end(),
                   [](const SocketDetail& a, const SocketDetail& b) { return a.row < b.row; });
}

RecordReader::Wrong RecordReader::finish(Facts& facts) {
  if (const auto what = dangling(facts_)) return fmt::format("{} refers to a row that is not there", *what);
  sort(facts_);
  for (auto& [pid, process] : facts_.processes) {
    if (process) process->pid = pid;
  }
  if (facts_.source == "live") facts_.source = "saved";
  facts = std::move(facts_);
  return std::nullopt;
}

constexpr std::string_view kAgain = "Copy it again, or save it anew";

// Nothing where the bytes are as they were written.
std::optional<std::string> text_of(Unpacker::Fault fault, uint64_t records) {
  switch (fault) {
    case Unpacker::Fault::None: return std::nullopt;
    case Unpacker::Fault::Empty: return "is empty: `whywait save FILE` writes such a file";
    case Unpacker::Fault::Foreign:
      return "is no file of whywait: it does not begin as one. `whywait save FILE` writes one";
    case Unpacker::Fault::NoChecksum:
      return fmt::format("was altered: it has no checksum, and whywait writes one. {}", kAgain);
    case Unpacker::Fault::CutShort:
      return fmt::format("is cut short: it ends after {} of its records. {}", grouped(records), kAgain);
    case Unpacker::Fault::Damaged:
      return fmt::format("was altered or damaged: its checksum does not match. {}", kAgain);
    case Unpacker::Fault::TooMuch:
      return "holds more than a file of its size can: whywait has not written it";
    case Unpacker::Fault::Trailing: return fmt::format("was altered: more follows after its end. {}", kAgain);
  }
  return std::nullopt;
}

// Lines out of text that comes in pieces.
class Lines {
 public:
  explicit Lines(RecordReader& reader) : reader_(reader) {}

  // Nothing follows the first line that is wrong.
  void take(std::string& text) {
    size_t from = 0;
    for (auto end = text.find('\n'); end != std::string::npos && !wrong_; end = text.find('\n', from)) {
      take_line(std::string_view(text).substr(from, end - from));
      from = end + 1;
    }
    text.erase(0, from);
    if (text.size() > kLongestLine && !wrong_) wrong_ = kTooLong;
    if (wrong_) text.clear();
  }

  const RecordReader::Wrong& wrong() const { return wrong_; }

 private:
  static constexpr const char* kTooLong = "it is longer than any that whywait writes";

  void take_line(std::string_view line) {
    wrong_ = line.size() > kLongestLine ? kTooLong : reader_.take(line);
  }

  RecordReader& reader_;
  RecordReader::Wrong wrong_;
};

std::string newer_text(uint64_t version) {
  constexpr auto kShort = kSchema.substr(kSchema.find('.') + 1);
  return fmt::format("was written by a newer whywait ({0}{1}; this one reads up to {0}{2}): update whywait",
                     kShort, version, kVersion);
}

std::string wrong_text(const RecordReader& reader, const std::string& wrong, bool is_of_line) {
  if (reader.newer() > 0) return newer_text(reader.newer());
  if (reader.is_foreign()) {
    return "is no file of whywait, though packed like one. `whywait save FILE` writes one";
  }
  const auto where = is_of_line ? fmt::format("in line {}, ", grouped(reader.lines() + 1)) : std::string();
  return fmt::format("makes no sense: {}{}. It was altered, or not written by whywait", where, wrong);
}

}  // namespace

tl::expected<Facts, std::string> read(const ByteSource& source) {
  Unpacker unpacker(source);
  RecordReader reader;
  Lines lines(reader);
  // If a line is wrong, the checksum, which comes last, may show that the file was damaged.
  constexpr size_t kMostAfterwards = 64UL << 20U;
  size_t afterwards = 0;
  for (std::string text; afterwards < kMostAfterwards && unpacker.more(text);) {
    if (lines.wrong()) afterwards += text.size();
    lines.take(text);
  }
  if (auto why = text_of(unpacker.fault(), reader.records())) return tl::unexpected(std::move(*why));
  if (const auto& wrong = lines.wrong()) return tl::unexpected(wrong_text(reader, *wrong, true));
  if (!reader.has_end()) return tl::unexpected(*text_of(Unpacker::Fault::CutShort, reader.records()));
  Facts facts;
  if (const auto wrong = reader.finish(facts)) return tl::unexpected(wrong_text(reader, *wrong, false));
  return facts;
}

bool is_saved(std::string_view first_bytes) { return first_bytes.starts_with("\x28\xb5\x2f\xfd"); }

}  // namespace whywait::saved
