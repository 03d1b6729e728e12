package dev.graft.dataset;

import dev.graft.Seeds;

/** The same examples in an order of its own in each epoch. */
final class ShuffleStage extends DatasetStage.Over {
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Order(int epoch, int[] indices) {}

    private final long seed;
    private volatile Order last;

    ShuffleStage(DatasetStage base, long seed) {
        super(base);
        this.seed = seed;
        this.last = draw(0);
    }

    private Order draw(int epoch) {
        return new Order(epoch, Seeds.order(size(), Seeds.random(seed, epoch)));
    }

    private int at(int index, int epoch) {
        Order order = last;
        if (order.epoch() != epoch) {
            order = draw(epoch);
            last = order;
        }
        return order.indices()[index];
    }

    @Override
    public Example get(int index, int epoch) {
        return base.get(at(index, epoch), epoch);
    }

    @Override
    public String name(int index, int epoch) {
        return base.name(at(index, epoch), epoch);
    }

    @Override
    public boolean reordered() {
        return true;
    }

    @Override
    public void identify(Fingerprint print) {
        super.identify(print);
        print.add(seed);
    }
}
