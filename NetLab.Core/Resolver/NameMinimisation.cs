namespace NetLab.Core.Resolver;

/// <summary>
/// How fast a minimised name grows (RFC 9156 section 2.3): one label at a time at first, for there the zones' borders lie, then in larger steps, so
/// that a name of many labels, as that of an IPv6 address, does not need a question for each.
/// </summary>
internal static class NameMinimisation
{
    /// <summary>How many questions with a shortened name a search may have; the RFC's MAX_MINIMISE_COUNT.</summary>
    public const int MostQuestions = 10;

    // MINIMISE_ONE_LAB.
    private const int OneLabelEach = 4;

    /// <summary>How many of the name's labels the next question has.</summary>
    /// <param name="known">How many labels the zone, or the name that was found to be there, has.</param>
    /// <param name="whole">How many labels the whole name has.</param>
    /// <param name="asked">How many questions with a shortened name this search has had.</param>
    public static int Labels(int known, int whole, int asked)
    {
        int left = whole - known;
        if (left <= 1 || asked >= MostQuestions)
            return whole;
        int questions = MostQuestions - asked;
        return asked < OneLabelEach ? known + 1 : known + (left + questions - 1) / questions;
    }
}
