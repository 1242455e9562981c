namespace NetLab.Core.Dns;

/// <summary>A zone file, or a zone made of one, that can't be served.</summary>
/// <param name="file">The file.</param>
/// <param name="line">Which line of it, from 1; 0 where the whole is meant.</param>
/// <param name="problem">What is wrong, a clause.</param>
/// <param name="column">At which column of the line, from 1; 0 where the whole line is meant.</param>
public sealed class ZoneException(string file, int line, string problem, int column = 0)
    : Exception($"{file}{(line > 0 ? $":{line}" : "")}{(column > 0 ? $":{column}" : "")}: {problem}.");

/// <summary>Where a record stands.</summary>
/// <param name="File">The file's name.</param>
/// <param name="Line">Its line, from 1.</param>
public readonly record struct ZonePlace(string File, int Line);

/// <summary>
/// Reads a zone file (RFC 1035 section 5): $ORIGIN, $TTL (RFC 2308), $INCLUDE, owners left out, relative names, parentheses. What a file
/// includes is fetched by the caller, who decides which files may be read.
/// </summary>
/// <param name="include">Gives the text of an included file, each octet one character; a <see cref="DnsTextException"/> says why not.</param>
public sealed class ZoneFile(Func<string, string>? include = null)
{
    private const int DeepestInclude = 8;
    private const int MostRecords = 1_000_000;
    private readonly List<DnsRecord> _records = [];
    private readonly List<ZonePlace> _places = [];
    private DnsTokens? _words;
    private DnsName? _owner;
    private uint? _timeToLive;
    private uint? _lastTimeToLive;

    /// <summary>Where each record stands.</summary>
    public IReadOnlyList<ZonePlace> Places => _places;

    /// <summary>Reads a file and all that it includes.</summary>
    /// <param name="text">Its text, each octet one character.</param>
    /// <param name="origin">What its relative names are relative to.</param>
    /// <param name="file">Its name, for messages.</param>
    /// <returns>Its records in their order.</returns>
    /// <exception cref="ZoneException">Something in it is wrong; it says where.</exception>
    public IReadOnlyList<DnsRecord> Read(string text, DnsName origin, string file)
    {
        Read(text, origin, file, 0);
        return _records;
    }

    private void Read(string text, DnsName origin, string file, int depth)
    {
        ArgumentNullException.ThrowIfNull(text);
        var reader = new ZoneEntryReader(text);
        try
        {
            while (true)
            {
                // Until an entry's words are read, what is wrong is where the reader stands.
                _words = null;
                if (!reader.TryRead(out var entry))
                    return;
                if (!entry.IsIndented && entry.Tokens[0] is { IsQuoted: false, Text: ['$', ..] directive })
                    Directive(directive, entry, ref origin, depth);
                else
                    Record(entry, origin, file);
            }
        }
        catch (DnsTextException wrong)
        {
            throw new ZoneException(file, _words?.Last.Line ?? reader.Line, wrong.Message, _words?.Last.Column ?? reader.Column);
        }
    }

    private void Directive(string directive, ZoneEntry entry, ref DnsName origin, int depth)
    {
        var words = _words = new DnsTokens(entry.Tokens, 1, origin);
        switch (directive.ToUpperInvariant())
        {
            case "$ORIGIN":
                origin = DnsName.Parse(words.Next("origin").Text, origin);
                break;
            case "$TTL":
                _timeToLive = DurationField.Seconds(words.Next("time to live").Text, "time to live");
                break;
            case "$INCLUDE":
                string name = words.Next("file").Text;
                if (include is null || depth == DeepestInclude)
                    throw new DnsTextException(include is null ? "$INCLUDE is not allowed here" : $"files include each other more than {DeepestInclude} deep");
                // The included file's origin ends with it; so does the owner (RFC 1035 section 5.1).
                var (inner, owner) = (words.IsAtEnd ? origin : DnsName.Parse(words.Next("origin").Text, origin), _owner);
                Read(include(name), inner, name, depth + 1);
                (_owner, _words) = (owner, words);
                break;
            default:
                throw new DnsTextException($"there is no directive {DnsText.Shown(directive)}; there are $ORIGIN, $TTL and $INCLUDE");
        }

        if (!words.IsAtEnd)
            throw new DnsTextException($"{DnsText.Shown(words.Peek.Text)} is one word more than {DnsText.Shown(directive)} takes");
    }

    private void Record(ZoneEntry entry, DnsName origin, string file)
    {
        var words = _words = new DnsTokens(entry.Tokens, 0, origin);
        if (!entry.IsIndented)
            _owner = DnsName.Parse(words.Next("owner").Text, origin);
        if (_owner is null)
            throw new DnsTextException("the first record has no owner");
        uint? timeToLive = null;
        // Time to live and class stand in either order, or not at all; a number can't be a type.
        for (int optional = 0; optional < 2; optional++)
        {
            string word = words.Peek.Text;
            if (timeToLive is null && DurationField.TrySeconds(word, out uint seconds))
                timeToLive = seconds;
            else if (!DnsType.TryParseClass(word, out ushort @class) || word.Equals("ANY", StringComparison.OrdinalIgnoreCase))
                break;
            else if (@class != DnsType.ClassIn)
                throw new DnsTextException($"the class {DnsText.Shown(word)} is not IN");
            words.Next("type");
        }

        string mnemonic = words.Next("type").Text;
        if (!DnsType.TryParse(mnemonic, out ushort type))
            throw new DnsTextException($"{DnsText.Shown(mnemonic)} is no record type");
        var data = DnsData.Parse(type, words);
        // Without $TTL the record before it gives it, the first the SOA's minimum (RFC 2308 section 4, RFC 1035 section 5.1).
        timeToLive ??= _timeToLive ?? _lastTimeToLive ?? (type == DnsType.Soa ? Zone.Minimum(data) : throw new DnsTextException("there is no time to live; $TTL gives one to all"));
        _lastTimeToLive = timeToLive;
        if (_records.Count == MostRecords)
            throw new DnsTextException($"there are more than {MostRecords} records");
        _records.Add(new DnsRecord(_owner, DnsType.ClassIn, timeToLive.Value, data));
        _places.Add(new ZonePlace(file, entry.Line));
    }
}
