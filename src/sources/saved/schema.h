// Words in a saved file that are not the name of a kind of record.
#pragma once

#include <cstddef>
#include <string_view>

namespace whywait::saved {

inline constexpr std::string_view kSchema = "whywait.facts/";  // followed by the version
inline constexpr std::string_view kColumns = "columns";        // the record that names the columns of rows
inline constexpr std::string_view kEnd = "end";  // the last record: the number of lines before it

inline constexpr size_t kLongestLine = 1UL << 20U;

}  // namespace whywait::saved
