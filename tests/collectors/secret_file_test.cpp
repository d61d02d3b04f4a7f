// Who may have files of secrets.
#include "collectors/secret_file.hpp"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/temporary_directory.hpp"

namespace kurabe::collectors {
namespace {

using testing::HasSubstr;

class SecretFile : public testing::Test {
  protected:
    std::filesystem::path secret(const std::string& name, mode_t mode) {
        auto file = directory_.write(name, "secret");
        EXPECT_EQ(::chmod(file.c_str(), mode), 0);
        return file;
    }
    static std::string error_of(const std::filesystem::path& file,
                                const std::optional<std::filesystem::path>& credentials = {}) {
        const auto opened = open_secret_file(file, credentials);
        return opened ? "none" : opened.error().message;
    }

    tests::TemporaryDirectory directory_;
};

TEST_F(SecretFile, IsOpenedWhenNobodyElseMayReadIt) {
    EXPECT_EQ(error_of(secret("a", 0600)), "none");
    EXPECT_EQ(error_of(secret("b", 0400)), "none");
    for (const mode_t mode : {0640U, 0604U, 0620U, 0601U}) {
        EXPECT_THAT(error_of(secret("c", mode)),
                    HasSubstr("c: others may read it; 'chmod 600' it"));
    }
    EXPECT_THAT(error_of(directory_.path()), HasSubstr("is no file"));
    EXPECT_THAT(error_of(directory_.path() / "none"), HasSubstr("No such file"));
}

// systemd >= 254 with DynamicUser: root's, of mode 0440 with an access list.
TEST_F(SecretFile, MayHaveBitsOfItsGroupWhereSystemdPutsIt) {
    if (::geteuid() != 0) GTEST_SKIP() << "only root has files of root's";
    const auto credentials = directory_.path() / "credentials/unit";
    const auto file = secret("credentials/unit/token", 0440);
    EXPECT_EQ(error_of(file, credentials), "none");
    EXPECT_EQ(error_of(credentials / ".." / "unit" / "token", credentials), "none");
    EXPECT_THAT(error_of(file), HasSubstr("others may read it"));
    EXPECT_THAT(error_of(file, directory_.path() / "credentials/uni"), HasSubstr("others may"));
    EXPECT_THAT(error_of(file, directory_.path() / "none"), HasSubstr("others may"));
    EXPECT_THAT(error_of(secret("outside", 0440), credentials), HasSubstr("others may"));
    EXPECT_THAT(error_of(secret("credentials/unit/open", 0444), credentials),
                HasSubstr("others may"));
}

TEST_F(SecretFile, IsRootsOrOurs) {
    if (::geteuid() != 0) GTEST_SKIP() << "only root can give files away";
    constexpr uid_t kNobody = 65534;
    const auto file = secret("credentials/token", 0440);
    ASSERT_EQ(::chown(file.c_str(), kNobody, kNobody), 0);
    EXPECT_THAT(error_of(file, directory_.path() / "credentials"), HasSubstr("another user"));
}

}  // namespace
}  // namespace kurabe::collectors
