namespace NetLab.Core.Dns;

/// <summary>What one step of a walk is, or what came of its question.</summary>
public enum DnsWalkOutcome : byte
{
    /// <summary>No question: from here on another name is looked for, an alias's target or a server's.</summary>
    Turn,

    /// <summary>The answer is still awaited.</summary>
    Waiting,

    /// <summary>The server refers to servers further down.</summary>
    Referred,

    /// <summary>What was asked for is there.</summary>
    Answered,

    /// <summary>There is an alias, and nothing behind it here.</summary>
    Alias,

    /// <summary>The name is there, and has no such records.</summary>
    NoData,

    /// <summary>There is no such name.</summary>
    NoSuchName,

    /// <summary>The server does not serve the zone that it was named for.</summary>
    Lame,

    /// <summary>No answer came, or none that can be read.</summary>
    Failed,
}

/// <summary>One step of a walk from the root: a question to one server, and what came of it.</summary>
public sealed record DnsWalkStep
{
    /// <summary>How deep it stands in the walk, from 0: a zone's steps stand one deeper than the step that referred to it.</summary>
    public int Level { get; init; }

    /// <summary>The zone whose server is asked.</summary>
    public required DnsName Zone { get; init; }

    /// <summary>What is asked.</summary>
    public required DnsQuestion Question { get; init; }

    /// <summary>The server's name.</summary>
    public DnsName Server { get; init; } = DnsName.Root;

    /// <summary>Where it was asked; unknown for a turn.</summary>
    public Endpoint Address { get; init; }

    /// <summary>How the answer travelled.</summary>
    public DnsCarrier Carrier { get; init; }

    /// <summary>When it was asked.</summary>
    public Timestamp Sent { get; init; }

    /// <summary>When it was known what came of it; before the question where it is not known yet.</summary>
    public Timestamp Ended { get; init; }

    /// <summary>From the query to its answer, or to the end of patience.</summary>
    public Duration Took { get; init; }

    /// <summary>The query's octets; empty for a turn, and where none was sent.</summary>
    public ReadOnlyMemory<byte> Query { get; init; }

    /// <summary>The answer's octets; empty where none came.</summary>
    public ReadOnlyMemory<byte> Answer { get; init; }

    /// <summary>What came of it.</summary>
    public DnsWalkOutcome Outcome { get; init; }

    /// <summary>The same in a few words: never a control character.</summary>
    public string Says { get; init; } = "";
}

/// <summary>A walk from the root to an answer, step by step. One thread adds to it while others read it.</summary>
/// <param name="question">What is looked for.</param>
/// <param name="begun">When it began.</param>
public sealed class DnsWalk(DnsQuestion question, Timestamp begun)
{
    private readonly Lock _gate = new();
    private readonly List<DnsWalkStep> _steps = [];
    private IReadOnlyList<DnsRecord> _answers = [];
    private string _verdict = "";
    private Timestamp? _ended;
    private DnsWalkOutcome _outcome = DnsWalkOutcome.Waiting;

    /// <summary>What is looked for.</summary>
    public DnsQuestion Question => question;

    /// <summary>When it began.</summary>
    public Timestamp Begun => begun;

    /// <summary>Counts what changed.</summary>
    public int Version { get; private set; }

    /// <summary>The steps so far.</summary>
    public DnsWalkStep[] Steps
    {
        get
        {
            lock (_gate)
                return [.. _steps];
        }
    }

    /// <summary>When it was over; null while it goes on.</summary>
    public Timestamp? Ended
    {
        get
        {
            lock (_gate)
                return _ended;
        }
    }

    /// <summary>What was found, aliases first; empty before, and where there was nothing.</summary>
    public IReadOnlyList<DnsRecord> Answers
    {
        get
        {
            lock (_gate)
                return _answers;
        }
    }

    /// <summary>How it ended: what was found, or where it broke and why; a clause.</summary>
    public string Verdict
    {
        get
        {
            lock (_gate)
                return _verdict;
        }
    }

    /// <summary>What came of it: answered, no data, no such name, failed; waiting while it goes on.</summary>
    public DnsWalkOutcome Outcome
    {
        get
        {
            lock (_gate)
                return _outcome;
        }
    }

    /// <summary>Whether it ended with what was looked for.</summary>
    public bool IsFound => Outcome == DnsWalkOutcome.Answered;

    /// <summary>Adds a step.</summary>
    /// <returns>Its place, by which it is changed.</returns>
    public int Add(DnsWalkStep step)
    {
        lock (_gate)
        {
            _steps.Add(step);
            Version++;
            return _steps.Count - 1;
        }
    }

    /// <summary>Says what came of a step.</summary>
    public void Change(int place, DnsWalkStep step)
    {
        lock (_gate)
        {
            _steps[place] = step;
            Version++;
        }
    }

    /// <summary>Ends it.</summary>
    /// <param name="outcome">What came of it.</param>
    /// <param name="verdict">The same in a clause.</param>
    /// <param name="answers">What was found; empty for nothing.</param>
    /// <param name="now">When.</param>
    public void End(DnsWalkOutcome outcome, string verdict, IReadOnlyList<DnsRecord> answers, Timestamp now)
    {
        ArgumentNullException.ThrowIfNull(answers);
        lock (_gate)
        {
            (_outcome, _verdict, _answers, _ended) = (outcome, verdict, answers, now);
            Version++;
        }
    }
}
