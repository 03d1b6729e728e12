package dev.graft.dataset;

import dev.graft.GraftException;
import dev.graft.Seeds;
import dev.graft.data.InputGeometry;
import dev.graft.data.ListedPicture;
import dev.graft.data.Picture;
import dev.graft.data.PictureGroups;
import dev.graft.data.PictureSet;
import dev.graft.data.Skipped;
import dev.graft.dataset.MapStage.Kept;
import dev.graft.preprocessing.Augmentation;
import dev.graft.tensor.HostTensor;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.function.IntFunction;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A finite sequence of examples, made when they are asked for. Immutable: every operation gives another data set that
 * reads from this one, and nothing is read before an example is taken. May be used by many threads at once, so the
 * functions given to it must be too.
 *
 * <p>A usual chain: {@code Dataset.ofPictures(set, geometry).shuffle(7).augment(Augmentation.standard(), 7).batch(32)}.
 */
public final class Dataset implements Iterable<Example> {
    /** Unless more are asked for: each thread holds a decoded picture. */
    private static final int MOST_THREADS = 16;

    static final int THREADS = Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors());
    private static final long DEFAULT_SEED = 0;

    private final DatasetStage stage;
    private final List<String> classes;
    private final List<Skipped> skipped;

    private Dataset(DatasetStage stage, List<String> classes, List<Skipped> skipped) {
        this.stage = stage;
        this.classes = classes;
        this.skipped = skipped;
    }

    private static Dataset source(DatasetStage stage, List<String> classes, String empty) {
        if (stage.size() == 0) {
            throw new GraftException(empty);
        }
        return new Dataset(stage, classes, List.of());
    }

    private Dataset then(DatasetStage next) {
        return new Dataset(next, classes, skipped);
    }

    /**
     * Labelled pictures, decoded each time they are taken: {@code [3, size, size]}, levels 0 to 255, with the class
     * index as target. A picture that cannot be read fails when it is taken; see {@link #withoutUnreadable}.
     */
    public static Dataset ofPictures(PictureSet pictures, InputGeometry geometry) {
        return ofPictures(pictures, picture -> 1, geometry);
    }

    /** The same with what each picture counts: {@code ofPictures(parts.train(), labelled::weight, geometry)}. */
    public static Dataset ofPictures(PictureSet pictures, ToDoubleFunction<Picture> weight, InputGeometry geometry) {
        List<Float> weights = pictures.pictures().stream()
                .map(picture -> (float) weight.applyAsDouble(picture))
                .toList();
        return ofPictures(pictures, weights, geometry);
    }

    private static Dataset ofPictures(PictureSet pictures, List<Float> weights, InputGeometry geometry) {
        DatasetStage files = PictureSource.of(pictures.pictures(), weights, geometry);
        return source(files, pictures.classes(), "the data set has no pictures; give a folder or a list with some");
    }

    /** The pictures of a list; classes are called by their numbers. */
    public static Dataset ofPictures(List<Picture> pictures, InputGeometry geometry) {
        int classes = pictures.stream().mapToInt(Picture::label).max().orElse(-1) + 1;
        return ofPictures(new PictureSet(numbers(classes), pictures), geometry);
    }

    private static List<String> numbers(int classes) {
        return IntStream.range(0, classes).mapToObj(Integer::toString).toList();
    }

    /** The pictures of a manifest, in its order and with its weights; otherwise as {@link #ofPictures}. */
    public static Dataset ofManifest(Manifest manifest, InputGeometry geometry) {
        List<Float> weights =
                manifest.rows().stream().map(ListedPicture::weight).toList();
        return ofPictures(new PictureSet(manifest.classes(), manifest.pictures()), weights, geometry);
    }

    /** The rows of inputs {@code [N, ...]} with those of targets {@code [N]} or {@code [N, units]}. */
    public static Dataset ofArrays(HostTensor inputs, HostTensor targets) {
        return ofArrays(List.of(inputs), List.of(targets));
    }

    /** Rows for models with several inputs or outputs: all tensors have the same first axis. */
    public static Dataset ofArrays(List<HostTensor> inputs, List<HostTensor> targets) {
        return source(ArraySource.of(inputs, targets), List.of(), "arrays: there are 0 examples; give some");
    }

    /** The rows of inputs {@code [N, ...]} with a class index each; classes are called by their numbers. */
    public static Dataset ofArrays(HostTensor inputs, int... labels) {
        return ofArrays(List.of(inputs), labels);
    }

    public static Dataset ofArrays(List<HostTensor> inputs, int... labels) {
        ArraySource source = ArraySource.labelled(inputs, labels);
        int classes = IntStream.of(labels).max().orElse(-1) + 1;
        return source(source, numbers(classes), "arrays: there are 0 examples; give some");
    }

    /**
     * Examples that are in memory already.
     *
     * @param classes the names of the classes, which the targets then say; empty where they are no classes
     */
    public static Dataset ofExamples(List<Example> examples, List<String> classes) {
        DatasetStage list = ListSource.of(examples, classes.size());
        return source(list, List.of(), "the data set has 0 examples; give some").withClasses(classes);
    }

    /**
     * Examples from anywhere else.
     *
     * @param read gives the example of an index; always the same for the same index, from any thread
     */
    public static Dataset of(int size, IntFunction<Example> read) {
        return source(new FunctionSource(size, read), List.of(), "the data set has 0 examples; give some");
    }

    public int size() {
        return stage.size();
    }

    /** The names of the classes; empty where they are not known. */
    public List<String> classes() {
        return classes;
    }

    /** What {@link #withoutUnreadable} left out. */
    public List<Skipped> skipped() {
        return skipped;
    }

    /** How many examples each class has, in the order of the classes; reads no picture. */
    public int[] countPerClass() {
        return KnownClasses.count(stage, classes.size());
    }

    /** An example as it is in the first epoch. */
    public Example get(int index) {
        return get(index, 0);
    }

    /**
     * An example.
     *
     * @param epoch counted from 0; decides shuffled orders and random maps
     * @throws GraftException if it cannot be read; the message names the file
     */
    public Example get(int index, int epoch) {
        return stage.get(Objects.checkIndex(index, size()), epoch);
    }

    /** The examples of the first epoch, one after the other on this thread. */
    @Override
    public Iterator<Example> iterator() {
        return IntStream.range(0, size()).mapToObj(this::get).iterator();
    }

    /** Puts an example into its row of a batch. */
    void put(int index, int epoch, int row, BatchBuffers batch) {
        stage.put(index, epoch, row, batch);
    }

    /** The file or number of an example, for messages. */
    String name(int index, int epoch) {
        return stage.name(index, epoch);
    }

    /** The same with other names for the classes, in the order of their indices. */
    public Dataset withClasses(List<String> names) {
        KnownClasses.require(stage, names);
        return new Dataset(stage, List.copyOf(names), skipped);
    }

    /** Writes the class of each example as its target in another way. */
    public Dataset labels(Labels as) {
        as.check(classes);
        int count = classes.size();
        return then(new MapStage(stage, "labels", (example, random) -> as.relabel(example, count), 0, Kept.INPUTS));
    }

    /** Examples changed by a function. Its results are taken to be of unknown class: split and count before it. */
    public Dataset map(UnaryOperator<Example> function) {
        return then(new MapStage(stage, "map", (example, random) -> function.apply(example), 0, Kept.NOTHING));
    }

    /** Examples changed at random, afresh in each epoch, with seed 0. */
    public Dataset map(RandomFunction<Example> function) {
        return map(function, DEFAULT_SEED);
    }

    /**
     * Examples changed at random, afresh in each epoch.
     *
     * @param seed with the epoch and the index of the example it decides the random numbers; a second map with the same
     *     seed draws others
     */
    public Dataset map(RandomFunction<Example> function, long seed) {
        return then(new MapStage(stage, "map", function, seed, Kept.NOTHING));
    }

    /** Examples whose inputs are changed by a function, each input by itself; targets and classes stay. */
    public Dataset mapInputs(UnaryOperator<HostTensor> function) {
        return mapInputs((input, random) -> function.apply(input), DEFAULT_SEED);
    }

    /** Examples whose inputs are changed at random, with seed 0: {@code mapInputs(flip::apply)}. */
    public Dataset mapInputs(RandomFunction<HostTensor> function) {
        return mapInputs(function, DEFAULT_SEED);
    }

    /**
     * Examples whose inputs are changed at random, afresh in each epoch; targets and classes stay. Of several inputs each
     * gets the same random numbers, so that two pictures of a thing turn alike.
     */
    public Dataset mapInputs(RandomFunction<HostTensor> function, long seed) {
        return then(MapStage.ofInputs(stage, function, seed));
    }

    /** Examples that count by what the function says, times what they counted before; see {@link ClassWeights}. */
    public Dataset weighted(ToDoubleFunction<? super Example> weight) {
        RandomFunction<Example> weigh =
                (example, random) -> example.withWeight(example.weight() * weight.applyAsDouble(example));
        return then(new MapStage(stage, "weighted", weigh, 0, Kept.INPUTS));
    }

    /**
     * The same examples in a new order in each epoch. Use take, skip, split and cache before it: after it they would
     * mean other examples in each epoch, and are refused.
     */
    public Dataset shuffle(long seed) {
        int count = size();
        return then(new OrderStage(stage, "shuffle " + seed, epoch -> Seeds.order(count, Seeds.random(seed, epoch))));
    }

    /**
     * The examples in an order of one's own in each epoch, which may leave some out and have others several times. As
     * after {@link #shuffle}, take, skip, split and cache are refused behind it.
     *
     * @param order the indices of the examples of each epoch, counted from 0; as many in every epoch, whatever thread asks
     */
    public Dataset inOrder(IntFunction<int[]> order) {
        return then(new OrderStage(stage, "in order", order));
    }

    /**
     * Augmented pictures, another random view in each epoch. Where the examples are pictures as they are read from files
     * (chosen, ordered or labelled anew, but neither mapped nor cached), a crop at the head of the augmentation decides what
     * is decoded, and a view depends on seed, epoch and the bytes of the file alone; else it depends on the index of the
     * example.
     *
     * @throws GraftException if the augmentation would change the size of pictures that are read from files
     */
    public Dataset augment(Augmentation augmentation, long seed) {
        return augment(Views.endless(augmentation, seed));
    }

    /**
     * The same with so many views of each example, which epochs rotate through; the first is the plain one. A frozen network
     * then sees no more than these.
     */
    public Dataset augment(Augmentation augmentation, long seed, int views) {
        return augment(Views.rotating(augmentation, seed, views));
    }

    private Dataset augment(Views views) {
        DatasetStage read = stage.withPictures(source -> source.augmented(views));
        return then(read == null ? new AugmentStage(stage, views) : read);
    }

    /** The first examples, or all where there are fewer. */
    public Dataset take(int count) {
        OrderStage.requireNone(stage, "take");
        if (count < 1) {
            throw new IllegalArgumentException("take: at least one example, got " + count);
        }
        return then(SubsetStage.range(stage, 0, Math.min(count, size())));
    }

    /** All but the first examples. */
    public Dataset skip(int count) {
        OrderStage.requireNone(stage, "skip");
        if (count < 0) {
            throw new IllegalArgumentException("skip: a number of examples, got " + count);
        }
        if (count >= size()) {
            throw new GraftException("skip(" + count + "): leaves nothing of " + size() + " examples; skip fewer");
        }
        return then(SubsetStage.range(stage, count, size()));
    }

    /** Parts with these shares of the examples, with seed 0: {@code split(0.8, 0.2)}. */
    public List<Dataset> split(double... fractions) {
        return split(DEFAULT_SEED, fractions);
    }

    /**
     * Parts of the examples, drawn at random, no example in two of them. Each class is shared out by itself where
     * classes are known; a part gets at least one example of every class that has enough.
     *
     * @param seed the same seed and examples give the same parts
     * @param fractions the shares; where they sum to less than 1, one more part has the rest
     */
    public List<Dataset> split(long seed, double... fractions) {
        return split(PictureGroups.none(), seed, fractions);
    }

    /**
     * The same, keeping pictures together that are copies or of one origin; the shares are as even as these allow.
     *
     * @param groups of the picture files that the examples come from
     * @throws GraftException if the examples come from no picture files, or the groups of a class are too few for it to
     *     be in every part
     */
    public List<Dataset> split(PictureGroups groups, long seed, double... fractions) {
        OrderStage.requireNone(stage, "split");
        return DatasetParts.of(this, stage, groups).cut(seed, fractions).stream()
                .map(part -> then(new SubsetStage(stage, part)))
                .toList();
    }

    /**
     * Keeps the examples in memory of the JVM once they were made. Random maps after a cache stay random; those before
     * it are frozen as they are in the first epoch.
     *
     * @throws GraftException when the first example is taken, if all would not fit
     */
    public Dataset cache() {
        OrderStage.requireNone(stage, "cache");
        return then(new MemoryCache(stage));
    }

    /**
     * Keeps the examples in a file, which is made whole when the first one is taken; several threads make it. A file
     * that is there is used if it was made from the same pictures or arrays by the same operations, and made again
     * otherwise, or when it is damaged. The content of functions cannot be compared: a few examples are made again
     * instead, which shows most changes; delete the file to be sure. Random maps after a cache stay random; those
     * before it are frozen as they are in the first epoch.
     *
     * @param file one for each data set; a file there that is no such cache is refused
     */
    public Dataset cache(Path file) {
        OrderStage.requireNone(stage, "cache");
        return then(new FileCache(stage, file));
    }

    /**
     * Leaves out the pictures that cannot be read. Reads all of them now, on all cores; {@link #skipped} of the result
     * tells which were left out and why.
     *
     * @throws GraftException if none is left, or none of a class
     */
    public Dataset withoutUnreadable() {
        OrderStage.requireNone(stage, "withoutUnreadable");
        ReadableExamples readable = ReadableExamples.of(stage, classes);
        List<Skipped> left =
                Stream.concat(skipped.stream(), readable.left().stream()).toList();
        return new Dataset(readable.examples(), classes, left).assumeReadable();
    }

    /**
     * The same where all pictures were read before, so that one that cannot be read any more was changed since: the message
     * then says that.
     */
    public Dataset assumeReadable() {
        DatasetStage known = stage.withPictures(PictureSource::assumedReadable);
        return known == null ? this : then(known);
    }

    /** Batches of up to {@code size} examples, for training, evaluation and prediction. */
    public Batched batch(int size) {
        return Batched.of(this, size);
    }

    @Override
    public String toString() {
        return size() + " examples"
                + (classes.isEmpty() ? "" : " of " + classes.size() + " classes")
                + (skipped.isEmpty() ? "" : ", " + skipped.size() + " unreadable left out");
    }
}
