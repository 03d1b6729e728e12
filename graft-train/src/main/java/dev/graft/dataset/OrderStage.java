package dev.graft.dataset;

import dev.graft.GraftException;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Examples in an order of its own in each epoch, which may leave some out and have others several times. */
final class OrderStage extends DatasetStage.Over {
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Order(int epoch, int[] indices) {}

    private final IntFunction<int[]> order;
    private final String name;
    private final int size;
    private volatile Order last;

    /**
     * Examples in an order.
     *
     * @param name what a cache knows the order by
     * @param order the indices of each epoch, as many in all
     */
    OrderStage(DatasetStage base, String name, IntFunction<int[]> order) {
        super(base);
        this.name = name;
        this.order = order;
        this.last = new Order(0, order.apply(0));
        this.size = last.indices().length;
    }

    /** Refuses what would take other examples in each epoch. */
    static void requireNone(DatasetStage stage, String operation) {
        if (stage.reordered()) {
            throw new GraftException(operation
                    + " after shuffle: the order is another in each epoch, so the same places"
                    + " hold other examples, and parts leak into each other; call " + operation + " before shuffle");
        }
    }

    private int at(int index, int epoch) {
        Order drawn = last;
        if (drawn.epoch() != epoch) {
            drawn = new Order(epoch, order.apply(epoch));
            last = drawn;
        }
        return drawn.indices()[index];
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public Example get(int index, int epoch) {
        return base.get(at(index, epoch), epoch);
    }

    @Override
    public void put(int index, int epoch, int row, BatchBuffers batch) {
        base.put(at(index, epoch), epoch, row, batch);
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
    public @Nullable DatasetStage withPictures(Function<PictureSource, @Nullable PictureSource> change) {
        DatasetStage changed = base.withPictures(change);
        return changed == null ? null : new OrderStage(changed, name, order);
    }

    @Override
    public void identify(Fingerprint print) {
        super.identify(print);
        print.add(name);
    }
}
