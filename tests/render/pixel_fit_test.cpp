// Columns that are fitted together get the rows that each gets alone.
#include "render/pixel_fit.hpp"

#include <cmath>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace kurabe::render {
namespace {

// Heights as they come about: any, whole, and where the fit of a fifth of a pixel ends on a whole.
double height_of(std::mt19937& random) {
    const double any = std::uniform_real_distribution(-160.0, 16'500.0)(random);
    switch (random() % 5) {
        case 0:
            return std::floor(any);
        case 1:
            return std::floor(any) + kFit_px;
        case 2:
            return std::floor(any) - kFit_px;
        case 3:
            return std::nextafter(std::floor(any), any);
        default:
            return any;
    }
}

TEST(PixelFit, ColumnsTogetherAreTheColumnsAlone) {
    std::mt19937 random(11);
    for (const std::size_t size : {0U, 1U, 127U, 128U, 129U, 1000U}) {
        for (const bool lies_on_layer : {false, true}) {
            std::vector<double> values(size);
            std::vector<double> bases(size);
            for (std::size_t i = 0; i < size; ++i) {
                values[i] = height_of(random);
                bases[i] = random() % 4 == 0 ? values[i] : height_of(random);
            }
            std::vector<RowSpan> rows(size);
            fit_rows(values, bases, lies_on_layer, rows);
            for (std::size_t i = 0; i < size; ++i) {
                EXPECT_EQ(rows[i], fitted_rows(values[i], bases[i], lies_on_layer))
                    << values[i] << ' ' << bases[i];
            }
        }
    }
}

}  // namespace
}  // namespace kurabe::render
