/** The completion of PowerShell (5.1 and newer). It asks `kubectl-netdoctor __complete`, and runs nothing of what was typed but that program. */
export const powershell = `# PowerShell completion for kubectl-netdoctor

Register-ArgumentCompleter -Native -CommandName 'kubectl-netdoctor', 'kubectl-netdoctor.exe' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $typed = ''
    $words = @()
    foreach ($element in $commandAst.CommandElements) {
        $start = $element.Extent.StartOffset
        if ($start -ge $cursorPosition) { break }
        $text = $element.Extent.Text
        if ($element.Extent.EndOffset -ge $cursorPosition) {
            $typed = $text.Substring(0, $cursorPosition - $start) -replace '["'']', ''
            break
        }
        $words += $text -replace '["'']', ''
    }
    if ($words.Count -eq 0) { return }
    $program = $words[0]
    $before = @($words | Select-Object -Skip 1)
    # PowerShell before 7.3 leaves an empty argument out unless its quotes are part of it
    $legacy = $PSVersionTable.PSVersion -lt [version]'7.3.0' -or $PSNativeCommandArgumentPassing -eq 'Legacy'
    $last = $typed
    if ($typed -eq '' -and $legacy) { $last = '""' }
    $lines = @(& $program __complete @before $last 2>$null)
    if ($lines.Count -eq 0 -or $lines[-1] -notmatch '^:\\d+$') { return }
    # nothing from us: PowerShell offers files
    if (([int]$lines[-1].Substring(1) -band 4) -eq 0) { return }
    $flag = ''
    $value = $typed
    if ($typed -match '^-[^=]*=') {
        $flag = $Matches[0]
        $value = $typed.Substring($flag.Length)
    }
    $results = @($lines | Select-Object -SkipLast 1 | ForEach-Object {
        $word, $about = $_ -split "\`t", 2
        if (-not $about) { $about = $word }
        if ($word.StartsWith($value, [System.StringComparison]::Ordinal)) {
            [System.Management.Automation.CompletionResult]::new($flag + $word, $word, 'ParameterValue', $about)
        }
    })
    # an empty text keeps PowerShell from offering files
    if ($results.Count -eq 0) { '' } else { $results }
}
`;
