package dev.graft.examples;

import dev.graft.data.ImageFolder;
import dev.graft.data.InputGeometry;
import dev.graft.data.Picture;
import dev.graft.data.PictureSet;
import dev.graft.dataset.Dataset;
import dev.graft.layers.Dense;
import dev.graft.model.Model;
import dev.graft.model.Network;
import dev.graft.model.Node;
import dev.graft.report.Evaluation;
import dev.graft.tensor.HostTensor;
import dev.graft.train.Loss;
import dev.graft.train.Metric;
import dev.graft.train.Optimizer;
import dev.graft.train.Phase;
import dev.graft.train.Trainer;
import dev.graft.transfer.features.Features;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Whose face is it? A folder a person; what VGG-16 sees in each picture is recorded once, and a linear support vector
 * machine for each person learns to tell that person from all others.
 */
public final class FaceRecognition {
    private FaceRecognition() {}

    /**
     * What the machines make of pictures that they have not seen.
     *
     * @param machines features to one margin a person
     * @param evaluation of pictures of the same persons
     * @param margins for these pictures
     * @param strangers for pictures of other persons
     */
    record Result(Network machines, Evaluation evaluation, List<float[]> margins, List<float[]> strangers) {}

    public static void main(String[] arguments) {
        Example.start(FaceRecognition.class, arguments, FaceRecognition::run);
    }

    static Result run(ExampleOptions options, PrintStream out) {
        int size = options.imageSize(224);
        int epochs = options.epochs(60);
        Base base = Base.of("vgg16", options, size, out);
        InputGeometry geometry = base.geometry();
        PictureParts pictures =
                PictureParts.read(options.folderOr(drawn -> Drawings.faces(drawn, 5, 30, 128, 1)), geometry, out);
        List<String> people = pictures.classes();

        // The base is frozen, so one pass over the pictures is enough; what follows takes seconds.
        Network extractor = extractor(base, size);
        Dataset training = record(extractor, pictures.training());
        Dataset validation = record(extractor, pictures.validation());
        Dataset test = record(extractor, pictures.test());
        int units = training.get(0).input().elements();
        out.println("Recorded " + units + " features of each picture");

        // One output a person: on class indices the hinge loss sets each against all others.
        Model model = Model.sequential(
                "machines", Node.input(units), Dense.of(people.size()).named("svm"));
        Network machines = Network.of(model, 42);
        // Decay makes the margins wide. This much is C = 1 of a support vector machine, whose loss is a sum, not a
        // mean.
        Optimizer optimizer = Optimizer.adam(1e-2).weightDecay(1.0 / (training.size() * people.size()));
        try (Trainer trainer = Trainer.compile(machines, optimizer, Loss.squaredHinge(), Metric.accuracy())) {
            trainer.fit(training.shuffle(42).batch(16), validation.batch(64), Phase.of(epochs));

            List<float[]> margins = trainer.predict(test.batch(64)).rows();
            Dataset others = record(extractor, strangers(people, geometry));
            List<float[]> strangers = trainer.predict(others.batch(64)).rows();
            Result result = new Result(machines, Evaluation.of(people, margins, labels(test)), margins, strangers);
            print(result, people.get(test.get(0).label()), out);
            return result;
        }
    }

    /** Drawn faces of persons who were not learnt. No machine has seen them, so one may still take them for its own. */
    private static Dataset strangers(List<String> people, InputGeometry geometry) {
        Path drawn = Drawings.faces(Drawings.temporaryFolder(), 10, 4, 128, 2);
        PictureSet faces = ImageFolder.read(drawn).train();
        List<Picture> unknown = faces.pictures().stream()
                .filter(face -> !people.contains(faces.className(face)))
                .toList();
        return Dataset.ofPictures(new PictureSet(faces.classes(), unknown), geometry);
    }

    private static Network extractor(Base base, int size) {
        Model model = Model.sequential(
                "extractor",
                Node.input(3, size, size),
                base.pretrained().preprocessing(),
                base.backbone().model().named("base"));
        Network network = Network.of(model, 42);
        network.layer("base").load(base.weightsOf(base.backbone().model()));
        return network;
    }

    private static Dataset record(Network extractor, Dataset pictures) {
        return Features.of(extractor, pictures).mapInputs(FaceRecognition::toUnitLength);
    }

    /** So that a margin does not depend on how strong a picture's contrast is. */
    private static HostTensor toUnitLength(HostTensor features) {
        float[] values = features.toArray();
        double squares = 1e-12;
        for (float value : values) {
            squares += value * value;
        }
        for (int i = 0; i < values.length; i++) {
            values[i] /= (float) Math.sqrt(squares);
        }
        return HostTensor.of(features.shape(), values);
    }

    /** The person whose machine is the surest; nobody if each of them says no. */
    static String whoIs(float[] margins, List<String> people) {
        int best = 0;
        for (int i = 1; i < margins.length; i++) {
            best = margins[i] > margins[best] ? i : best;
        }
        String text = allNegative(margins) ? "nobody known; the nearest is %s, at %.2f" : "%s, by a margin of %.2f";
        return String.format(Locale.ROOT, text, people.get(best), margins[best]);
    }

    private static boolean allNegative(float[] margins) {
        for (float margin : margins) {
            if (margin > 0) {
                return false;
            }
        }
        return true;
    }

    private static int[] labels(Dataset examples) {
        return IntStream.range(0, examples.size())
                .map(i -> examples.get(i).label())
                .toArray();
    }

    private static void print(Result result, String first, PrintStream out) {
        Evaluation evaluation = result.evaluation();
        List<String> people = evaluation.classes();
        out.println(String.format(Locale.ROOT, "Accuracy on held-out pictures: %.3f", evaluation.accuracy()));
        out.println("Who it is, and for whom each was taken, in the same order:");
        int width = people.stream().mapToInt(String::length).max().orElse(0);
        for (int i = 0; i < people.size(); i++) {
            String name = people.get(i) + " ".repeat(width - people.get(i).length());
            out.println("  " + name + "  " + evaluation.confusion().get(i));
        }
        List<float[]> strangers = result.strangers();
        out.println("A picture of " + first + ": " + whoIs(result.margins().get(0), people));
        out.println("A picture of a stranger: " + whoIs(strangers.get(strangers.size() - 1), people));
        out.println("Nobody fits " + fittedByNobody(result.margins()) + " of the " + evaluation.total()
                + " held-out pictures, and " + fittedByNobody(strangers) + " of the " + strangers.size()
                + " of strangers");
    }

    static long fittedByNobody(List<float[]> pictures) {
        return pictures.stream().filter(FaceRecognition::allNegative).count();
    }
}
