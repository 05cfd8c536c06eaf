#include "testing/schemas.h"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

namespace whywait::testing {
namespace {

constexpr const char* kTool = WHYWAIT_SOURCE "/tools/schemas";

}  // namespace

bool has_schemas() { return access(kTool, X_OK) == 0; }

std::string complaints_of_schemas(const std::vector<std::pair<std::string, std::string>>& answers) {
  std::string path = ::testing::TempDir() + "whywait-answers.XXXXXX";
  const int file = mkstemp(path.data());
  if (file < 0) throw std::runtime_error("no temporary file");
  close(file);
  std::ofstream out(path);
  for (const auto& [name, lines] : answers) {
    std::istringstream in(lines);
    for (std::string line; std::getline(in, line);) out << name << '\t' << line << '\n';
  }
  out.close();
  const std::string command = std::string("'") + kTool + "' <'" + path + "' 2>&1";
  FILE* tool = popen(command.c_str(), "r");  // NOLINT(cert-env33-c): a program of this tree
  std::string said;
  std::array<char, 4096> buffer{};
  while (const size_t n = fread(buffer.data(), 1, buffer.size(), tool)) said.append(buffer.data(), n);
  const int status = pclose(tool);
  unlink(path.c_str());
  return status == 0 ? "" : said;
}

std::map<std::string, std::vector<std::string>> ids_of_schemas() {
  std::map<std::string, std::vector<std::string>> out;
  const auto common = nlohmann::json::parse(std::ifstream(WHYWAIT_SOURCE "/docs/schema/common.json"));
  for (const auto& [name, definition] : common.at("$defs").items()) {
    if (definition.contains("enum")) out[name] = definition.at("enum").get<std::vector<std::string>>();
  }
  return out;
}

}  // namespace whywait::testing
