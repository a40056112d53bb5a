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

-- Rogan and Gladen (1978): the share that would be seen with a coder that errs never. May lie outside 0 to 1.
CREATE OR REPLACE MACRO true_share(share, sensitivity, specificity) AS
    (share + specificity - 1) / (sensitivity + specificity - 1);
