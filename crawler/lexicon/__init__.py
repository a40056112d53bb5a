"""The words by which a part of a claim is recognised: of any affair here, of a study in its own folder."""
