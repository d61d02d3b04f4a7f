// What messages about a configuration say beside what is wrong.
#include <string>
#include <string_view>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/server/config_fixture.hpp"

namespace kurabe::server {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

const std::string kFirstService = "config: {}\n---\nservice: s\nservers:\n";

class ConfigMessages : public ConfigFixture {
  protected:
    ConfigMessages() { directory_.write("sample_rolls/base.yml", "metrics:\n- base\n- redis\n"); }
};

// What a misspelt key leaves out must not hide it.
TEST_F(ConfigMessages, AMisspeltKeyIsNamedBesideWhatItCauses) {
    EXPECT_THAT(error_of(kFirstService + "- rol: base.yml\n"),
                StartsWith("kurabe.yml:5: missing 'roll' in an entry of 'servers', which has "
                           "'rol'; name a file"));
    EXPECT_THAT(error_of("config:\n  rols_dir: rolls\n---\nservice: s\nservers:\n"
                         "- roll: other.yml\n"),
                AllOf(StartsWith("kurabe.yml:6: no roll file"),
                      HasSubstr("; before it, kurabe.yml:2: unknown key 'rols_dir' in 'config'")));
    EXPECT_THAT(error_of("config:\n  commands:\n    x:\n      command: [ /bin/true ]\n"
                         "      protcol: check\n"),
                StartsWith("kurabe.yml:5: missing 'protocol' in command 'x', which has 'protcol'"));
    EXPECT_THAT(error_of(kFirstService + "- label: base.yml\n"),
                StartsWith("kurabe.yml:5: missing 'roll' in an entry of 'servers'; name a file"));
}

TEST_F(ConfigMessages, LimitsAreAmountsOfMemory) {
    const auto cache_of = [this](const std::string& text) {
        const auto config = load("config: { limits: { picture_cache: " + text + " } }\n");
        return config ? config->limits.picture_cache_bytes : 1;
    };
    EXPECT_EQ(load("config: {}\n")->limits.picture_cache_bytes, std::size_t{64} << 20);
    EXPECT_EQ(cache_of("512k"), std::size_t{512} << 10);
    EXPECT_EQ(cache_of("3M"), std::size_t{3} << 20);
    EXPECT_EQ(cache_of("2G"), std::size_t{2} << 30);
    EXPECT_EQ(cache_of("1024G"), std::size_t{1} << 40);
    EXPECT_EQ(cache_of("123456"), 123'456U);
    EXPECT_EQ(cache_of("0"), 0U);
    for (const std::string wrong : {"much", "M", "-1", "64MB", "1.5G", "1025G", "''''"}) {
        EXPECT_EQ(error_of("config:\n  limits:\n    picture_cache: " + wrong + "\n"),
                  "kurabe.yml:3: 'picture_cache': '" + (wrong == "''''" ? "'" : wrong) +
                      "' is no amount of memory, such as 64M, 512k or 1G");
    }
    EXPECT_EQ(warnings_of(*load("config: { limits: { pictures: 1 } }\n")),
              std::vector<std::string>{"kurabe.yml:1: unknown key 'pictures' in 'limits'"});
}

TEST_F(ConfigMessages, PlacesOfHostsAndOfLinesOfRollsAreKnown) {
    const auto config = load(kFirstService + "- roll: base.yml\n  hosts:\n  - a\n  - b\n");
    ASSERT_TRUE(config) << config.error().message;
    const Host& host = *config->hosts.at("b").host;
    EXPECT_EQ(without_directory(config->message(host, "no")), "kurabe.yml:8: no");
    EXPECT_EQ(without_directory(host.roll->message(host.roll->plugins.at(1), "no")),
              "sample_rolls/base.yml:3: no");
}

}  // namespace
}  // namespace kurabe::server
