// The answer of `inspect`.
#pragma once

#include "diagnose/portrait.h"
#include "render/page.h"

#include <span>
#include <string>

namespace whywait::render {

struct Inspection {
  const Facts& facts;
  const Judgement& judgement;
  const Portrait& portrait;
  std::span<const std::string> ways;  // one line for each choice of method, from the source
  Milliseconds took{0};
};

Page portrait_page(const Inspection& inspection);
std::string portrait_json(const Inspection& inspection);  // whywait.portrait/1

}  // namespace whywait::render
