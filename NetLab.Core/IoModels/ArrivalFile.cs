using System.Globalization;

namespace NetLab.Core.IoModels;

/// <summary>Where a script of arrivals comes from: it is built in, or a file.</summary>
public static class ArrivalFile
{
    // A script is a few lines; a file of more than this is something else.
    private const int Largest = 1 << 20;

    /// <summary>The built-in script of a name, or else the one in the file of that name.</summary>
    /// <param name="name">A name or a path.</param>
    /// <param name="mistake">What is wrong, a sentence, when the answer is null.</param>
    public static ArrivalScript? Open(string name, out string mistake)
    {
        mistake = "";
        if (ArrivalScript.Find(name) is { } known)
            return known;
        try
        {
            var file = new FileInfo(name);
            if (!file.Exists)
            {
                mistake = $"There are no arrivals '{name}': no file, and none of {string.Join(", ", ArrivalScript.BuiltIn.Select(script => script.Name))}.";
                return null;
            }

            // What is no file (a pipe, a device) has no length, and could be read for ever.
            if (file is { Length: > 0 and <= Largest })
                return ArrivalScript.TryRead(name, File.ReadAllText(name), out mistake);
            mistake = $"{name} is no script of arrivals: it has {file.Length.ToString(CultureInfo.InvariantCulture)} bytes.";
            return null;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            mistake = $"{name} can't be read: {refused.Message}";
            return null;
        }
    }
}
