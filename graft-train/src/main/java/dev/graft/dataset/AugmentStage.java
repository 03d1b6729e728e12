package dev.graft.dataset;

import dev.graft.GraftException;
import dev.graft.Seeds;
import dev.graft.data.View;
import java.util.SplittableRandom;

/** Augmented examples whose pictures are in memory already. */
final class AugmentStage extends DatasetStage.Over {
    private final Views views;

    AugmentStage(DatasetStage base, Views views) {
        super(base);
        this.views = views;
    }

    @Override
    public Example get(int index, int epoch) {
        Example example = base.get(index, epoch);
        View view = views.at(index, epoch);
        if (view.isPlain()) {
            return example;
        }
        long drawn =
                Seeds.random(view.seed(), base.maps(), view.number(), index).nextLong();
        try {
            // Of several inputs each gets the same numbers, so that two pictures of a thing turn alike.
            return example.withInputs(example.inputs().stream()
                    .map(input -> views.augmentation().apply(input, new SplittableRandom(drawn)))
                    .toList());
        } catch (GraftException told) {
            throw new GraftException(name(index, epoch) + ": " + told.getMessage(), told);
        }
    }

    @Override
    public int maps() {
        return base.maps() + 1;
    }

    @Override
    public void identify(Fingerprint print) {
        super.identify(print);
        print.add(views.key());
    }
}
