// Pictures that were looked at and found good: decoded pixels equal those of tests/golden/. They
// need the fonts of Debian 12: DejaVu and IPA.
#pragma once

#include <string>

namespace kurabe::tests {

// Fails the test unless the PNG `bytes` shows what tests/golden/NAME.png shows; then the actual
// picture and the difference (equal pixels white) are written to the working directory.
// KURABE_REWRITE=1 in the environment replaces the file instead. `name` may have folders.
void expect_golden(const std::string& name, const std::string& bytes);

}  // namespace kurabe::tests
