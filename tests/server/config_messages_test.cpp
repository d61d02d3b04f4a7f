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

const std::string kService = "config: {}\n---\nservice: s\nservers:\n";

class ConfigMessages : public ConfigFixture {
  protected:
    ConfigMessages() { directory_.write("sample_rolls/base.yml", "metrics:\n- base\n- redis\n"); }
};

// What a misspelt key leaves out must not hide it.
TEST_F(ConfigMessages, AMisspeltKeyIsNamedBesideWhatItCauses) {
    EXPECT_THAT(error_of(kService + "- rol: base.yml\n"),
                StartsWith("kurabe.yml:5: missing 'roll' in an entry of 'servers', which has "
                           "'rol'; name a file"));
    EXPECT_THAT(error_of("config:\n  rols_dir: rolls\n---\nservice: s\nservers:\n"
                         "- roll: other.yml\n"),
                AllOf(StartsWith("kurabe.yml:6: no roll file"),
                      HasSubstr("; before it, kurabe.yml:2: unknown key 'rols_dir' in 'config'")));
    EXPECT_THAT(error_of("config:\n  commands:\n    x:\n      command: [ /bin/true ]\n"
                         "      protcol: check\n"),
                StartsWith("kurabe.yml:5: missing 'protocol' in command 'x', which has 'protcol'"));
    EXPECT_THAT(error_of(kService + "- label: base.yml\n"),
                StartsWith("kurabe.yml:5: missing 'roll' in an entry of 'servers'; name a file"));
}

TEST_F(ConfigMessages, PlacesOfHostsAndOfLinesOfRollsAreKnown) {
    const auto config = load(kService + "- roll: base.yml\n  hosts:\n  - a\n  - b\n");
    ASSERT_TRUE(config) << config.error().message;
    const Host& host = *config->hosts.at("b").host;
    EXPECT_EQ(without_directory(config->message(host, "no")), "kurabe.yml:8: no");
    EXPECT_EQ(without_directory(host.roll->message(host.roll->plugins.at(1), "no")),
              "sample_rolls/base.yml:3: no");
}

}  // namespace
}  // namespace kurabe::server
