// A directory in which tests load configurations, and the messages without its path and columns.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "server/config.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/text_places.hpp"

namespace kurabe::server {

class ConfigFixture : public testing::Test {
  protected:
    Result<Config> load(std::string_view text) {
        return load_config(directory_.write("kurabe.yml", text));
    }
    // The message with the directory taken off.
    std::string error_of(std::string_view text) {
        const auto config = load(text);
        return config ? "no error" : without_directory(config.error().message);
    }
    std::vector<std::string> warnings_of(const Config& config) {
        std::vector<std::string> warnings;
        for (const std::string& text : config.warnings) warnings.push_back(without_directory(text));
        return warnings;
    }
    std::string without_directory(std::string text) {
        const std::string prefix = directory_.path().native() + "/";
        for (std::size_t at = 0; (at = text.find(prefix)) != std::string::npos;) {
            text.erase(at, prefix.size());
        }
        return tests::without_columns(text);
    }

    tests::TemporaryDirectory directory_;
};

}  // namespace kurabe::server
