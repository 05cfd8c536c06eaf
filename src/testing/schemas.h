// Answers in JSON, held against the schemas of docs/schema/.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace whywait::testing {

// What tools/schemas complains of; empty where all fits. Each answer has a name of the caller's, and one JSON
// value a line.
std::string complaints_of_schemas(const std::vector<std::pair<std::string, std::string>>& answers);

bool has_schemas();  // a virtual machine of tests/kernels has neither these nor Python

// The lists of ids in docs/schema/common.json, by their names.
std::map<std::string, std::vector<std::string>> ids_of_schemas();

}  // namespace whywait::testing
