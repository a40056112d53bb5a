-- Claim × bloc.
SELECT bloc, claim_id, claims_by_bloc.side, eligible, included, asserted, attributed, disputed, share_included
FROM claims_by_bloc
ORDER BY claim_no(claim_id), bloc;
