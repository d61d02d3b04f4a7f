// conf-d: which commands are run, and which are not.
#include "collectors/agent/plugin_files.hpp"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/support/temporary_directory.hpp"

namespace kurabe::collectors::agent {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;

auto plugin(const char* name, const char* command) {
    return AllOf(Field(&Plugin::name, name), Field(&Plugin::command, command));
}

class PluginFilesTest : public testing::Test {
  protected:
    void write(const std::string& name, std::string_view text, mode_t mode = 0644) {
        const auto file = directory_.write(name, text);
        ::chmod(file.c_str(), mode);
    }
    [[nodiscard]] PluginFiles read() const { return read_plugin_files(directory_.path()); }

    tests::TemporaryDirectory directory_;
};

TEST_F(PluginFilesTest, TakesTheCommandsOfAllFilesInTheirOrder) {
    write("b.toml", "[plugin.metrics.nginx]\ncommand = \"curl -s 'http://a/?b'\"\n");
    write("a.toml",
          "# two\n[plugin.metrics.proc]\ncommand = '/usr/bin/proc --x \"y\"'\n"
          "[plugin.metrics.\"http:80\"]\ncommand = \"p\"\nother = 1\n[plugin.checks.x]\na = 1\n");
    write("c.conf", "[plugin.metrics.no]\ncommand = \"no\"\n");
    const PluginFiles files = read();
    EXPECT_THAT(files.complaints, IsEmpty());
    EXPECT_THAT(files.plugins,
                ElementsAre(plugin("http:80", "p"), plugin("proc", "/usr/bin/proc --x \"y\""),
                            plugin("nginx", "curl -s 'http://a/?b'")));
}

// TOML has no such names without quotes, Kurado's agent does.
TEST_F(PluginFilesTest, TakesNamesWithoutQuotesAsKuradosAgentDoes) {
    write("a.toml",
          "[plugin.metrics.http:8080]\ncommand = \"a\"\n"
          "[plugin.metrics.\"http:80\"] # [b]\ncommand = \"b\"\n"
          "[plugin.metrics.温度] # [c]\ncommand = \"c\"\n");
    const PluginFiles files = read();
    EXPECT_THAT(files.complaints, IsEmpty());
    EXPECT_THAT(files.plugins,
                ElementsAre(plugin("http:80", "b"), plugin("http:8080", "a"), plugin("温度", "c")));
    write("a.toml", "[plugin.metrics.http:8080]\ncommand = a\n");
    EXPECT_THAT(read().complaints, ElementsAre(HasSubstr("a.toml: line 2: ")));
}

TEST_F(PluginFilesTest, NamesWhatIsWrongAndTakesTheRest) {
    write("a.toml", "[plugin.metrics.good]\ncommand = \"good\"\n");
    write("b.toml", "[plugin.metrics.bad\n");
    write("d.toml", "[plugin.metrics.good]\ncommand = \"again\"\n");
    write("e.toml", std::string(kPluginFileBytesMax + 1, '#'));
    write("f.toml", "plugin = 1\n");
    std::filesystem::create_symlink("/nowhere", directory_.path() / "g.toml");
    std::filesystem::create_directory(directory_.path() / "h.toml");
    const PluginFiles files = read();
    EXPECT_THAT(files.plugins, ElementsAre(plugin("good", "good")));
    EXPECT_THAT(files.complaints,
                ElementsAre(HasSubstr("b.toml: line 1"), HasSubstr("d.toml: "),
                            HasSubstr("e.toml: over 65536 bytes"),
                            HasSubstr("g.toml: No such file"), HasSubstr("h.toml: ")));
}

TEST_F(PluginFilesTest, NamesEachPluginWithoutACommand) {
    write("c.toml",
          "[plugin.metrics.a]\n[plugin.metrics.b]\ncommand = 7\n[plugin.metrics.c]\n"
          "command = \"\"\n[plugin.metrics.\"\"]\ncommand = \"x\"\n"
          "[plugin.metrics.\"a\\nb\"]\ncommand = \"x\"\n[plugin.metrics.z]\n"
          "command = \"a\\u0000b\"\n");
    EXPECT_THAT(read().plugins, IsEmpty());
    EXPECT_THAT(read().complaints,
                ElementsAre(HasSubstr("plugin.metrics.: the plugin is missing"),
                            HasSubstr("plugin.metrics.a: needs command"),
                            HasSubstr("plugin.metrics.a b: the plugin holds a control"),
                            HasSubstr("plugin.metrics.b: needs command"),
                            HasSubstr("plugin.metrics.c: needs command"),
                            HasSubstr("plugin.metrics.z: the command is too long or holds a NUL")));
}

TEST_F(PluginFilesTest, TrustsNoFileThatOthersMayChange) {
    write("a.toml", "[plugin.metrics.a]\ncommand = \"a\"\n", 0664);
    write("b.toml", "[plugin.metrics.b]\ncommand = \"b\"\n", 0646);
    EXPECT_THAT(read().plugins, IsEmpty());
    EXPECT_THAT(read().complaints,
                ElementsAre(HasSubstr("may change it"), HasSubstr("may change it")));
}

TEST_F(PluginFilesTest, SaysThatThereIsNoDirectory) {
    const PluginFiles files = read_plugin_files(directory_.path() / "none");
    EXPECT_THAT(files.complaints, ElementsAre(HasSubstr("none: No such file")));
}

}  // namespace
}  // namespace kurabe::collectors::agent
