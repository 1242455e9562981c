using NetLab.Core.Resolver;

namespace NetLab.Tests.Resolver;

public class NameMinimisationTests
{
    /// <summary>The labels of each question where one zone holds the whole name.</summary>
    private static List<int> Questions(int whole)
    {
        var labels = new List<int>();
        int known = 0;
        while (known < whole)
        {
            known = NameMinimisation.Labels(known, whole, labels.Count);
            labels.Add(known);
        }

        return labels;
    }

    [Fact]
    public void A_short_name_grows_by_one_label_a_question() => Assert.Equal([1, 2, 3, 4, 5, 6], Questions(6));

    [Fact]
    public void The_name_of_an_IPv6_address_grows_by_one_label_at_first_then_in_equal_steps() =>
        Assert.Equal([1, 2, 3, 4, 9, 14, 19, 24, 29, 34], Questions(34));

    [Fact]
    public void No_name_needs_more_questions_than_the_bound_and_the_whole_one_and_each_says_more()
    {
        for (int whole = 1; whole <= 127; whole++)
        {
            var labels = Questions(whole);
            Assert.True(labels.Count <= NameMinimisation.MostQuestions + 1, $"{whole} labels take {labels.Count} questions");
            Assert.Equal(whole, labels[^1]);
            Assert.Equal(labels.Order().Distinct(), labels);
        }
    }

    [Fact]
    public void After_the_bound_the_whole_name_is_told() => Assert.Equal(34, NameMinimisation.Labels(5, 34, NameMinimisation.MostQuestions));
}
