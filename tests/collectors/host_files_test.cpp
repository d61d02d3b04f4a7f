// Reading a host's files must be bounded and must not hang, whatever lies in their place.
#include "collectors/host_files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/collectors/host_tree.hpp"

namespace kurabe::collectors {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(HostDirectory, ReadsBelowItsRoot) {
    const test::HostTree tree;
    tree.write("/proc/version", "Linux\n");
    EXPECT_EQ(HostDirectory(tree.root()).read("/proc/version").value(), "Linux\n");
}

TEST(HostDirectory, NamesTheHostsPathWhenItIsMissing) {
    const test::HostTree tree;
    const auto text = HostDirectory(tree.root()).read("/proc/stat");
    ASSERT_FALSE(text);
    EXPECT_EQ(text.error().message, "cannot read /proc/stat: No such file or directory");
}

TEST(HostDirectory, TakesTheLargestAllowedFileAndNoLarger) {
    const test::HostTree tree;
    tree.write("/proc/cpuinfo", std::string(kHostFileBytesMax, 'x'));
    EXPECT_EQ(HostDirectory(tree.root()).read("/proc/cpuinfo").value().size(), kHostFileBytesMax);
    tree.write("/proc/cpuinfo", std::string(kHostFileBytesMax + 1, 'x'));
    const auto text = HostDirectory(tree.root()).read("/proc/cpuinfo");
    ASSERT_FALSE(text);
    EXPECT_EQ(text.error().code, ErrorCode::kLimit);
}

TEST(HostDirectory, RefusesPipesAndDirectories) {
    const test::HostTree tree;
    tree.write("/proc/net/dev", "");
    ASSERT_EQ(::mkfifo(tree.locate("/proc/pipe").c_str(), 0600), 0);
    const HostDirectory files(tree.root());
    EXPECT_THAT(files.read("/proc/pipe").error().message, HasSubstr("not a regular file"));
    EXPECT_THAT(files.read("/proc/net").error().message, HasSubstr("not a regular file"));
}

TEST(HostDirectory, ListsNamesInOrder) {
    const test::HostTree tree;
    for (const char* name : {"sdb", "sda", "dm-0"})
        tree.write(std::string("/sys/block/") + name, "");
    EXPECT_THAT(HostDirectory(tree.root()).list("/sys/block").value(),
                ElementsAre("dm-0", "sda", "sdb"));
    EXPECT_EQ(HostDirectory(tree.root()).list("/sys/class").error().code, ErrorCode::kSystem);
}

}  // namespace
}  // namespace kurabe::collectors
