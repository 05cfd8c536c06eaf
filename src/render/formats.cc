#include "render/formats.h"

#include "render/page_text.h"

#include <tuple>

namespace whywait::render {
namespace {

template <class Value, Page (*kPage)(const Value&)>
bool as_text(const Value& value, const Style& style, const Sink& sink) {
  return sink(text_of(kPage(value), style));
}

template <class Value, std::string (*kJson)(const Value&)>
bool as_json(const Value& value, const Sink& sink) {
  return sink(kJson(value));
}

template <class Value>
struct Writers {
  bool (*text)(const Value&, const Style&, const Sink&);
  bool (*json)(const Value&, const Sink&);
};

constexpr std::tuple kWriters = {
    Writers<Report>{as_text<Report, report_page>, as_json<Report, report_json>},
    Writers<Compared>{as_text<Compared, comparison_page>, as_json<Compared, comparison_json>},
    Writers<Inspection>{as_text<Inspection, portrait_page>, as_json<Inspection, portrait_json>},
    Writers<Listing>{listing_text, listing_json},
    Writers<Word>{as_text<Word, explain_page>, as_json<Word, explain_json>},
    Writers<AllWords>{as_text<AllWords, explainable_page>, as_json<AllWords, explainable_json>},
    Writers<Scenarios>{as_text<Scenarios, scenarios_page>, as_json<Scenarios, scenarios_json>},
};

}  // namespace

template <class Value>
bool write(const Value& value, Format format, const Style& style, const Sink& sink) {
  const auto& writers = std::get<Writers<Value>>(kWriters);
  switch (format) {
    case Format::Text: return writers.text(value, style, sink);
    case Format::Json: return writers.json(value, sink);
  }
  return false;
}

template bool write(const Report&, Format, const Style&, const Sink&);
template bool write(const Compared&, Format, const Style&, const Sink&);
template bool write(const Inspection&, Format, const Style&, const Sink&);
template bool write(const Listing&, Format, const Style&, const Sink&);
template bool write(const Word&, Format, const Style&, const Sink&);
template bool write(const AllWords&, Format, const Style&, const Sink&);
template bool write(const Scenarios&, Format, const Style&, const Sink&);

}  // namespace whywait::render
