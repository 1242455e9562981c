namespace NetLab.Core.Dns;

/// <summary>
/// Answers by their question: a table of fixed size in which a question has one place, and the last answer for a place stays. What it
/// holds is bounded, and a place's memory is used again.
/// </summary>
internal sealed class AnswerCache
{
    /// <summary>Longer answers are not kept.</summary>
    public const int LongestAnswer = 1024;

    private const int Places = 1 << 15;
    private readonly Place[] _places = new Place[Places];

    /// <summary>The answer to a question; empty where it is not kept.</summary>
    /// <param name="question">The question as in its message: name, type and class.</param>
    /// <param name="variant">What else tells answers apart.</param>
    public ReadOnlySpan<byte> Find(ReadOnlySpan<byte> question, int variant)
    {
        uint hash = Hash(question, variant);
        ref var place = ref _places[hash % Places];
        return place.Hash == hash && place.Variant == variant && place.QuestionLength == question.Length && IsSame(question, place.Octets)
            ? place.Octets.AsSpan(question.Length, place.AnswerLength)
            : default;
    }

    /// <summary>Keeps an answer.</summary>
    public void Keep(ReadOnlySpan<byte> question, int variant, ReadOnlySpan<byte> answer)
    {
        if (answer.Length > LongestAnswer)
            return;
        uint hash = Hash(question, variant);
        ref var place = ref _places[hash % Places];
        int length = question.Length + answer.Length;
        if (place.Octets is null || place.Octets.Length < length)
            place.Octets = new byte[(length + 63) & ~63];
        question.CopyTo(place.Octets);
        answer.CopyTo(place.Octets.AsSpan(question.Length));
        (place.Hash, place.Variant, place.QuestionLength, place.AnswerLength) = (hash, variant, question.Length, answer.Length);
    }

    // Letters count without their case (RFC 4343); so do the few octets of type and class that look like letters, which IsSame tells apart.
    private static uint Hash(ReadOnlySpan<byte> question, int variant)
    {
        uint hash = 2166136261 ^ (uint)variant;
        foreach (byte octet in question)
            hash = (hash ^ (octet | 0x20u)) * 16777619;
        return hash ^ hash >> 15;
    }

    private static bool IsSame(ReadOnlySpan<byte> question, ReadOnlySpan<byte> kept)
    {
        int name = question.Length - 4;
        if (!question[name..].SequenceEqual(kept.Slice(name, 4)))
            return false;
        for (int at = 0; at < name; at++)
        {
            int octet = question[at];
            if (octet != kept[at] && ((octet | 0x20) != (kept[at] | 0x20) || (octet | 0x20) is < 'a' or > 'z'))
                return false;
        }

        return true;
    }

    private struct Place
    {
        public byte[]? Octets;
        public uint Hash;
        public int Variant;
        public int QuestionLength;
        public int AnswerLength;
    }
}
