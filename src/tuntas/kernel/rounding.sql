-- The sanctioned roundings, twin of rounding.py; a law test holds the two together.
-- Integer arithmetic only: // on magnitudes, the sign put back afterwards (-7 // 2 differs between engines).
-- A product above 64 bits raises in the engine; ingest refuses line amounts that could reach it.
CREATE OR REPLACE MACRO mul_ratio(amount, numerator, denominator) AS (
    CASE WHEN amount::BIGINT * numerator::BIGINT >= 0
        THEN ((2 * abs(amount::BIGINT * numerator::BIGINT)::HUGEINT + denominator) // (2 * denominator::HUGEINT))::BIGINT
        ELSE -(((2 * abs(amount::BIGINT * numerator::BIGINT)::HUGEINT + denominator) // (2 * denominator::HUGEINT))::BIGINT)
    END
);
CREATE OR REPLACE MACRO mul_ppm(amount, rate_ppm) AS (
    CASE WHEN amount::BIGINT * rate_ppm::BIGINT >= 0
        THEN (abs(amount::BIGINT * rate_ppm::BIGINT) + 500000) // 1000000
        ELSE -((abs(amount::BIGINT * rate_ppm::BIGINT) + 500000) // 1000000)
    END
);
-- mul_ppm where neither the amount nor the rate is below zero, which spares looking at the sign of each of ten million rows.
CREATE OR REPLACE MACRO mul_ppm_above_zero(amount, rate_ppm) AS ((amount::BIGINT * rate_ppm::BIGINT + 500000) // 1000000);
CREATE OR REPLACE MACRO mul_ppm_as(amount, rate_ppm, mode) AS (
    CASE WHEN amount::BIGINT * rate_ppm::BIGINT >= 0
        THEN (abs(amount::BIGINT * rate_ppm::BIGINT) + CASE mode WHEN 'half_up' THEN 500000 WHEN 'down' THEN 0 WHEN 'up' THEN 999999 END)
            // 1000000
        ELSE -((abs(amount::BIGINT * rate_ppm::BIGINT) + CASE mode WHEN 'half_up' THEN 500000 WHEN 'down' THEN 0 WHEN 'up' THEN 999999 END)
            // 1000000)
    END
);
CREATE OR REPLACE MACRO ceil_div(quantity, unit) AS ((quantity::BIGINT + unit::BIGINT - 1) // unit::BIGINT);
