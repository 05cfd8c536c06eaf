// A plugin of clang-tidy, which tools/tidy builds. It shows the checks what the project has written, and no
// longer the headers of the system, where three quarters of their time went and whose complaints nobody
// reads.
#include <memory>
#include <string>
#include <vector>

#include <clang/AST/ASTConsumer.h>
#include <clang/AST/ASTContext.h>
#include <clang/Basic/SourceManager.h>
#include <clang/Frontend/CompilerInstance.h>
#include <clang/Frontend/FrontendPluginRegistry.h>

namespace {

class OnlyOurs : public clang::ASTConsumer {
  void HandleTranslationUnit(clang::ASTContext& context) override {
    const auto& sources = context.getSourceManager();
    std::vector<clang::Decl*> ours;
    for (clang::Decl* declaration : context.getTranslationUnitDecl()->decls()) {
      const auto place = sources.getExpansionLoc(declaration->getLocation());
      if (!sources.isInSystemHeader(place)) ours.push_back(declaration);
    }
    context.setTraversalScope(ours);
  }
};

class Plugin : public clang::PluginASTAction {
  std::unique_ptr<clang::ASTConsumer> CreateASTConsumer(clang::CompilerInstance&, llvm::StringRef) override {
    return std::make_unique<OnlyOurs>();
  }
  bool ParseArgs(const clang::CompilerInstance&, const std::vector<std::string>&) override { return true; }
  ActionType getActionType() override { return AddBeforeMainAction; }
};

const clang::FrontendPluginRegistry::Add<Plugin> kAdded("only-ours", "");

}  // namespace
