-- Interval arithmetic, as macros so that a reader's own query can use them too.
-- 1.959964 is the 97.5 % point of the normal distribution: every interval here is a 95 % one.

-- Wilson (1927): an interval for a share that holds up for small counts and at 0 and 1. `texts` may be
-- fractional: it is the effective number of independent texts.
CREATE OR REPLACE MACRO wilson_low(share, texts) AS
    CASE WHEN texts > 0 THEN greatest(0.0,
        (share + 1.959964 ** 2 / (2 * texts)
         - 1.959964 * sqrt(share * (1 - share) / texts + 1.959964 ** 2 / (4 * texts ** 2)))
        / (1 + 1.959964 ** 2 / texts)) END;

CREATE OR REPLACE MACRO wilson_high(share, texts) AS
    CASE WHEN texts > 0 THEN least(1.0,
        (share + 1.959964 ** 2 / (2 * texts)
         + 1.959964 * sqrt(share * (1 - share) / texts + 1.959964 ** 2 / (4 * texts ** 2)))
        / (1 + 1.959964 ** 2 / texts)) END;

-- Student's t at the point that the normal distribution has at z. To 30 degrees from the distribution itself (scipy),
-- rounded down to a whole degree so that an interval is never too narrow; above by Cornish and Fisher's expansion
-- (Abramowitz and Stegun 26.7.5), right to a hundred thousandth there.
CREATE OR REPLACE MACRO t_point(points, z, df) AS
    CASE WHEN df < 1 THEN NULL
         WHEN df < 31 THEN points[floor(df)::INTEGER]
         ELSE z + (z ** 3 + z) / (4 * df) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * df ** 2)
              + (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / (384 * df ** 3) END;

CREATE OR REPLACE MACRO t975(df) AS
    t_point([12.706205, 4.302653, 3.182446, 2.776445, 2.570582, 2.446912, 2.364624, 2.306004, 2.262157, 2.228139,
                2.200985, 2.178813, 2.160369, 2.144787, 2.131450, 2.119905, 2.109816, 2.100922, 2.093024, 2.085963,
                2.079614, 2.073873, 2.068658, 2.063899, 2.059539, 2.055529, 2.051831, 2.048407, 2.045230, 2.042272], 1.959964, df);

-- The points of the verdicts (statement.sql): beyond them lie 1.25 % and .625 %.
CREATE OR REPLACE MACRO t9875(df) AS
    t_point([25.451700, 6.205347, 4.176535, 3.495406, 3.163381, 2.968687, 2.841244, 2.751524, 2.685011, 2.633767,
                2.593093, 2.560033, 2.532638, 2.509569, 2.489880, 2.472878, 2.458051, 2.445006, 2.433440, 2.423117,
                2.413845, 2.405473, 2.397875, 2.390949, 2.384610, 2.378786, 2.373417, 2.368452, 2.363846, 2.359562], 2.241403, df);

CREATE OR REPLACE MACRO t99375(df) AS
    t_point([50.923037, 8.860200, 5.391949, 4.314656, 3.810005, 3.521223, 3.335295, 3.205955, 3.110935, 3.038243,
                2.980872, 2.934459, 2.896148, 2.863994, 2.836627, 2.813056, 2.792542, 2.774529, 2.758586, 2.744376,
                2.731632, 2.720139, 2.709720, 2.700233, 2.691558, 2.683594, 2.676258, 2.669479, 2.663196, 2.657355], 2.497705, df);

-- Was a claim public when an article was published? Days are UTC days. To the minute where both are known to it; where
-- one is known to the day only, nobody can tell for the same day.
CREATE OR REPLACE MACRO timing(published, published_precision, public_since, public_precision) AS
    CASE WHEN published_precision IN ('minute', 'second') AND public_precision = 'minute'
              THEN CASE WHEN date_trunc('minute', published) < date_trunc('minute', public_since) THEN 'before'
                        ELSE 'after' END
         WHEN published::DATE < public_since::DATE THEN 'before'
         WHEN published::DATE = public_since::DATE THEN 'same_day'
         ELSE 'after' END;
